#define BOOST_TEST_MODULE pytorch
#include <boost/test/unit_test.hpp>

#include <chrono>

#include <tagger/weights/pytorch_write.hpp>
#include <tagger/weights/read_weights.hpp>

#include "weights/support.hpp"

using namespace tagger;
using namespace weights_test;

// The alphabet of hand-made pickles.
namespace {

using namespace std::string_literals;

std::string little(std::uint64_t value, int size) {
  std::string bytes;
  for (int i = 0; i < size; ++i) bytes += static_cast<char>(value >> 8 * i & 0xff);
  return bytes;
}
std::string integer(std::int64_t value) { return "\x8a\x08" + little(static_cast<std::uint64_t>(value), 8); }
std::string text(const std::string& text) { return 'X' + little(text.size(), 4) + text; }
std::string global(const std::string& module, const std::string& name) { return 'c' + module + '\n' + name + '\n'; }
std::string tuple(std::initializer_list<std::int64_t> items) {
  std::string result = "(";
  for (const auto item : items) result += integer(item);
  return result + 't';
}
std::string storage(std::int64_t count, const std::string& type = "FloatStorage", const std::string& key = "0") {
  return '(' + text("storage") + global("torch", type) + text(key) + text("cpu") + integer(count) + "tQ";
}
std::string tensor(const std::string& storage, std::int64_t offset, const std::string& shape,
                   const std::string& stride) {
  return global("torch._utils", "_rebuild_tensor_v2") + '(' + storage + integer(offset) + shape + stride + "\x89}tR";
}
std::string dict(const std::string& value) { return "\x80\x02}" + text("w") + value + "s."; }

class Files {
 public:
  /// Reads a zip with this pickle and a storage "0" of four floats 1 2 3 4.
  StateDict read(const std::string& pickle, std::span<const float> values = std::array{1.f, 2.f, 3.f, 4.f}) {
    detail::ZipWriter archive{path()};
    archive.add("a/data.pkl", pickle);
    archive.add("a/data/0", std::as_bytes(values));
    archive.commit();
    return read_weights(path());
  }
  void refuses(const std::string& pickle, std::initializer_list<std::string_view> words) {
    BOOST_TEST_CONTEXT("expecting " << *words.begin()) {
      check_error<WeightsError>([&] { read(pickle); }, words);
    }
  }
  std::filesystem::path path() const { return folder_ / "f.pth"; }

 private:
  Folder folder_{"pytorch"};
};

}  // namespace

BOOST_AUTO_TEST_CASE(a_tensor_lies_within_its_storage) {
  Files files;
  constexpr std::int64_t huge = std::numeric_limits<std::int64_t>::max();
  const auto good = files.read(dict(tensor(storage(4), 1, tuple({3}), tuple({1}))));
  BOOST_TEST(good.at("w").values<float>() == (std::vector<float>{2, 3, 4}), boost::test_tools::per_element());

  const auto refuses = [&](std::int64_t offset, const std::string& shape, const std::string& stride,
                           std::string_view words) {
    files.refuses(dict(tensor(storage(4), offset, shape, stride)), {"f.pth: w: ", words});
  };
  refuses(0, tuple({5}), tuple({1}), "passes the end of its storage of 4 elements");
  refuses(2, tuple({3}), tuple({1}), "passes the end");
  refuses(4, tuple({1}), tuple({1}), "passes the end");
  refuses(-1, tuple({3}), tuple({1}), "a negative offset");
  refuses(huge, tuple({2}), tuple({1}), "passes the end");
  refuses(0, tuple({2, 2}), tuple({4, 1}), "passes the end");
  refuses(0, tuple({3, 3}), tuple({huge, huge}), "passes the end");
  refuses(0, tuple({-2}), tuple({1}), "numbers from 0 on");
  refuses(0, tuple({2}), tuple({-1}), "numbers from 0 on");
  refuses(0, tuple({2, 2}), tuple({1}), "not as many strides");
  refuses(0, tuple({huge, huge}), tuple({0, 0}), "more elements than can be counted");
  refuses(0, tuple({huge}), tuple({0}), "more elements than can be counted");
  refuses(0, tuple({huge / 8}), tuple({0}), "repeats its storage until it fills the memory");
  refuses(0, tuple({1 << 20}), tuple({0}), "repeats its storage");
  refuses(0, '(' + text("a") + 't', tuple({1}), "numbers from 0 on");
  refuses(0, tuple({1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1}), tuple({1}), "up to 16 numbers");
  // Of an axis of one element, and of none, no stride is ever taken.
  const auto odd = files.read(dict(tensor(storage(4), 0, tuple({1, 2, 1}), tuple({huge, 2, huge}))));
  BOOST_TEST(odd.at("w").values<float>() == (std::vector<float>{1, 3}), boost::test_tools::per_element());
  BOOST_TEST(files.read(dict(tensor(storage(4), huge, tuple({0, huge}), tuple({huge, 1})))).at("w").numel() == 0);
}

BOOST_AUTO_TEST_CASE(a_storage_is_what_the_file_has) {
  Files files;
  const auto refuses = [&](const std::string& storage, std::string_view words) {
    files.refuses(dict(tensor(storage, 0, tuple({1}), tuple({1}))), {"f.pth: ", words});
  };
  refuses(storage(5), "storage \"0\" has 16 bytes, not 20");
  refuses(storage(3), "storage \"0\" has 16 bytes, not 12");
  refuses(storage(4, "DoubleStorage"), "storage \"0\" has 16 bytes, not 32");
  refuses(storage(-1), "cannot have");
  refuses(storage(std::numeric_limits<std::int64_t>::max()), "more elements than can be counted");
  refuses(storage(4, "FloatStorage", "1"), "a/data/1: there is no such entry");
  refuses(storage(4, "FloatStorage", "../data.pkl"), "a/data/../data.pkl: there is no such entry");
  refuses(storage(4, "ComplexFloatStorage"), "\"w\" (something of torch.ComplexFloatStorage)");
  // A storage that only tensors outside the state dict use is not even looked for.
  const auto other = tensor(storage(9, "FloatStorage", "9"), 0, tuple({9}), tuple({1}));
  const auto mine = tensor(storage(4), 0, tuple({4}), tuple({1}));
  const auto state = files.read("\x80\x02}(" + text("optimizer") + '}' + text("m") + other + 's' + text("model") + '}' +
                                text("w") + mine + "su.");
  BOOST_TEST(state.size() == 1);
}

BOOST_AUTO_TEST_CASE(other_names_are_not_run) {
  Files files;
  const auto mine = text("w") + tensor(storage(4), 0, tuple({4}), tuple({1}));
  for (const auto& [module, name] :
       {std::pair("os", "system"), std::pair("builtins", "eval"), std::pair("__builtin__", "exec"),
        std::pair("torch", "load"), std::pair("torch._utils", "_rebuild_sparse_tensor"), std::pair("torch", "os"),
        std::pair("collections", "OrderedDict.fromkeys"), std::pair("", "")}) {
    const auto full = std::string(module) + '.' + name;
    const auto call = global(module, name) + '(' + text("touch /tmp/tagger-was-here") + "tR";
    // In place of the state dict, as a tensor of it, as its name: refused. Beside it: a mark, and a note.
    files.refuses("\x80\x02" + global(module, name) + '.',
                  {"f.pth: it holds something of " + full, "not a state dict"});
    files.refuses("\x80\x04" + text(module) + text(name) + "\x93.", {"it holds something of " + full});
    files.refuses("\x80\x02}(" + mine + text("v") + call + "u.",
                  {"f.pth: v: it is made by " + full + ", which is not run", "save model.state_dict() alone"});
    files.refuses("\x80\x02}" + call + mine.substr(text("w").size()) + "s.",
                  {"f.pth: a tensor is named by something of " + full});
    files.refuses("\x80\x02}" + text("model") + call + "s.",
                  {"no tensors were found", "its keys are: \"model\" (something of " + full});
    const auto state = files.read("\x80\x02}(" + text("args") + call + text("model") + "}(" + mine + "uu.");
    BOOST_TEST(state.size() == 1);
    BOOST_REQUIRE_EQUAL(state.notes.size(), 2);
    BOOST_TEST(state.notes[0] == "read from the checkpoint's model");
    BOOST_TEST(state.notes[1] == "passed over, not run: " + full);
  }
  BOOST_TEST(!std::filesystem::exists("/tmp/tagger-was-here"));
  files.refuses("\x80\x02" + global("evil\x1b[31m", "\x07") + '.', {"something of evil?[31m.?,"});
  files.refuses("\x80\x02" + global("torch", "FloatStorage") + tuple({4}) + "R.", {"a storage is made anew"});
  files.refuses("\x80\x02(" + text("module") + global("torch", "FloatStorage") + "NNNtQ.",
                {"description of a storage"});
  files.refuses("\x80\x02" + text("os.system") + tuple({1}) + "R.", {"expected a function, found a string"});
  files.refuses("\x80\x02" + text("x") + "}b.", {"attributes for a string"});
}

BOOST_AUTO_TEST_CASE(whatever_a_foreign_object_is_told) {
  Files files;
  const auto foreign = global("argparse", "Namespace");
  const auto mine = text("w") + tensor(storage(4), 0, tuple({4}), tuple({1}));
  for (const std::string& told :
       {foreign + ")\x81}(" + text("lr") + "K\x01ub", foreign + ")}\x92", foreign + ")RNa(NNe", foreign + ")R(NNu",
        foreign + ")RNNs", foreign + ")R)R", global("collections", "OrderedDict") + foreign + "\x85R",
        tensor(storage(4, "ComplexFloatStorage"), 0, tuple({1}), tuple({1}))}) {
    const auto state = files.read("\x80\x02}(" + text("args") + told + text("model") + "}(" + mine + "uu.");
    BOOST_TEST(state.at("w").values<float>() == (std::vector<float>{1, 2, 3, 4}), boost::test_tools::per_element());
  }
  // A name as long as the file is not kept for every mention of it.
  std::string many = "\x80\x02}(" + text("args") + global("m", std::string(1 << 20, 'n')) + "q\x01";
  for (int i = 0; i < 100000; ++i) many += "h\x01)R0";
  const auto state = files.read(many + text("model") + "}(" + mine + "uu.");
  BOOST_TEST(state.notes.back().size() < 200);
}

BOOST_AUTO_TEST_CASE(older_ways_of_saying_the_same) {
  Files files;
  const auto old_tensor =
      global("torch._utils", "_rebuild_tensor") + '(' + storage(4) + integer(0) + tuple({4}) + tuple({1}) + "tR";
  const auto parameter = global("torch.nn.parameter", "Parameter") + '(' + old_tensor + "\x88tR(\x88}tb";
  // OrderedDict([["w", Parameter]]), its name a byte string: Python 2.
  const auto state =
      files.read("\x80\x02" + global("collections", "OrderedDict") + "(](](U\x01w" + parameter + "eetR.");
  BOOST_TEST(state.at("w").values<float>() == (std::vector<float>{1, 2, 3, 4}), boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(broken_pickles) {
  Files files;
  for (const auto& pickle :
       {"."s,       "0."s,        "1."s,        "2."s,     "t."s,    "\x85."s,  "\x87."s,     "e."s,
        "]e."s,     "a."s,        "s."s,        "u."s,     "(u."s,   "q\x01."s, "h\x01."s,    "j\x01\x02\x03\x04."s,
        "\x94."s,   "R."s,        ")R."s,       "b."s,     "Q."s,    "(."s,     "N(."s,       "N(0."s,
        "N(\x85."s, "}(K\x01u."s, "}K\x01(s."s, "I01\n."s, "\xff."s, "i"s,      "\x80\x09."s, "\x82\x01"s,
        "P1\n"s,    "\x97"s}) {
    files.refuses(pickle, {"f.pth: a/data.pkl, byte "});
  }
  for (const auto& pickle :
       {""s, "}"s, "X\xff\xff\xff\xff"s, "X\x02\x00\x00"s, "\x8d\xff\xff\xff\xff\xff\xff\xff\xff"s, "\x8a\x08\x01"s,
        "\x8b\xff\xff\xff\xff"s, "cos"s, "cos\nsystem"s, "G\x01"s, "C\x09x"s, "\x95"s}) {
    files.refuses(pickle, {"a/data.pkl, byte ", "cut off"});
  }
}

BOOST_AUTO_TEST_CASE(pickles_that_would_grow) {
  Files files;
  const auto start = std::chrono::steady_clock::now();
  const auto mine = text("w") + tensor(storage(4), 0, tuple({4}), tuple({1}));
  // A tuple of two of the one before, sixty times over: 2^60 values if one walked them.
  std::string doubling = "\x80\x02)";
  for (int i = 0; i < 60; ++i) doubling += "q\x01h\x01\x86";
  BOOST_TEST(files.read("\x80\x02}(" + text("bomb") + doubling.substr(2) + mine + "u.").size() == 1);
  // A list that holds itself, and nesting a million deep.
  BOOST_TEST(files.read("\x80\x02}(" + text("loop") + "]q\x01h\x01" + "a" + mine + "u.").size() == 1);
  BOOST_TEST(
      files.read("\x80\x02}(" + text("deep") + std::string(1000000, ']') + std::string(999999, 'a') + mine + "u.")
          .size() == 1);
  std::string nested = "\x80\x02";
  for (int i = 0; i < 100000; ++i) nested += '}' + text("model");
  files.refuses(nested + "N" + std::string(100000, 's') + ".", {"no tensors"});
  // OrderedDict of one long list, again and again: quadratic but for the budget.
  std::string quadratic = "\x80\x02](";
  for (int i = 0; i < 20000; ++i) quadratic += "NN\x86";
  quadratic += "eq\x01" + global("collections", "OrderedDict") + "q\x02";
  for (int i = 0; i < 20000; ++i) quadratic += "h\x02h\x01\x85R0";
  files.refuses(quadratic + '.', {"beyond all bounds"});
  // Many strided copies of one storage.
  std::string copies = "\x80\x02}(";
  const std::vector<float> many(1 << 18);
  for (int i = 0; i < 1000; ++i) {
    copies += text(std::to_string(i)) + tensor(storage(1 << 18), 0, tuple({512, 512}), tuple({1, 512}));
  }
  check_error<WeightsError>([&] { files.read(copies + "u.", many); }, {"fills the memory"});
  BOOST_TEST((std::chrono::steady_clock::now() - start < std::chrono::seconds(20)));
}

BOOST_AUTO_TEST_CASE(archives_that_are_not_ours) {
  Files files;
  {
    detail::ZipWriter archive{files.path()};
    archive.add("word/document.xml", "<xml/>");
    archive.commit();
  }
  check_error<WeightsError>([&] { read_weights(files.path()); }, {"f.pth: a zip archive without data.pkl"});
  {
    detail::ZipWriter archive{files.path()};
    archive.add("a/data.pkl", "\x80\x02}.");
    archive.add("a/byteorder", "middle");
    archive.commit();
  }
  check_error<WeightsError>([&] { read_weights(files.path()); }, {"f.pth: a/byteorder: neither"});
}
