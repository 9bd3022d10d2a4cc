#define BOOST_TEST_MODULE safetensors
#include <boost/test/unit_test.hpp>

#include <tagger/weights/safetensors.hpp>

#include "weights/support.hpp"

using namespace tagger;
using namespace weights_test;

namespace {

std::string safetensors(std::string_view header, std::size_t data_size) {
  std::string file;
  for (std::size_t i = 0; i < 8; ++i) file += static_cast<char>(header.size() >> 8 * i & 0xff);
  return file.append(header).append(std::string(data_size, 'x'));
}

}  // namespace

BOOST_AUTO_TEST_CASE(what_is_written_is_read) {
  const Folder folder{"safetensors"};
  StateDict state;
  state.metadata = {{"format", "pt"}, {"odd", "\"tagger.crc32\":\"12345678\""}};
  state.add("mask", TensorData::of(std::vector<std::uint8_t>{1, 2, 3}, {3}));
  state.add("weight", TensorData::of(std::vector<float>{1, 2, 3, 4, 5, 6}, {2, 3}));
  state.add("nothing", TensorData::of(std::vector<float>{}, {4, 0}));
  state.add("count", TensorData::of(std::vector<std::int64_t>{-7}, {}));
  write_safetensors(folder / "a", state);

  const auto read = read_safetensors(folder / "a");
  BOOST_TEST(read.metadata == state.metadata);
  BOOST_REQUIRE_EQUAL(read.size(), state.size());
  auto expected = state.begin();
  for (const auto& [name, tensor] : read) {
    BOOST_TEST(name == expected->first);
    BOOST_TEST(tensor.shape == expected->second.shape, boost::test_tools::per_element());
    BOOST_TEST(text_of(tensor.bytes) == text_of(expected->second.bytes));
    BOOST_TEST(reinterpret_cast<std::uintptr_t>(tensor.bytes.data()) % element_size(tensor.dtype) == 0);
    ++expected;
  }

  write_safetensors(folder / "b", read);  // the same again, the old checksum replaced
  BOOST_TEST(text_of(read_file(folder / "a")) == text_of(read_file(folder / "b")));
}

BOOST_AUTO_TEST_CASE(every_damaged_bit_is_noticed) {
  const Folder folder{"safetensors-bits"};
  StateDict state;
  state.metadata["step"] = "17";
  state.add("weight", TensorData::of(std::vector<float>{1, 2, 3}, {3}));
  write_safetensors(folder / "good", state);
  const std::string good = text_of(read_file(folder / "good"));
  for (std::size_t bit = 0; bit < 8 * good.size(); ++bit) {
    std::string bad = good;
    bad[bit / 8] = static_cast<char>(bad[bit / 8] ^ 1 << bit % 8);
    put(folder / "bad", bad);
    // The name of the checksum is the one thing that it cannot watch over.
    if (const auto key = good.find("tagger.crc32"); bit / 8 >= key && bit / 8 < key + 12) continue;
    BOOST_CHECK_THROW(read_safetensors(folder / "bad"), WeightsError);
  }
  std::string bad = good;
  bad.back() ^= 1;
  put(folder / "bad", bad);
  check_error<WeightsError>([&] { read_safetensors(folder / "bad"); }, {"bad: ", "checksum", "damaged"});
}

BOOST_AUTO_TEST_CASE(headers_that_lie) {
  const Folder folder{"safetensors-headers"};
  const auto tensor = [](std::string_view fields) { return "{\"w\":{" + std::string(fields) + "}}"; };
  struct Case {
    std::string header;
    std::size_t data;
    std::string_view words;
  };
  const Case cases[] = {
      {tensor(R"("dtype":"F32","shape":[2],"data_offsets":[0,8])"), 4, "w: data_offsets [0, 8] pass the end"},
      {tensor(R"("dtype":"F32","shape":[2],"data_offsets":[0,8])"), 9, "1 bytes after the last tensor"},
      {tensor(R"("dtype":"F32","shape":[2],"data_offsets":[4,12])"), 12, "w: data_offsets [4, 12] leave a gap"},
      {tensor(R"("dtype":"F32","shape":[2],"data_offsets":[8,0])"), 8, "w: data_offsets [8, 0] end before"},
      {tensor(R"("dtype":"F32","shape":[3],"data_offsets":[0,8])"), 8, "w: 8 bytes are not those of"},
      {tensor(R"("dtype":"F32","shape":[4611686018427387904,4],"data_offsets":[0,8])"), 8, "w: 8 bytes are not"},
      {tensor(R"("dtype":"F32","shape":[9223372036854775807],"data_offsets":[0,8])"), 8, "w: a number"},
      {tensor(R"("dtype":"F32","shape":[-2],"data_offsets":[0,8])"), 8, "w: a negative number"},
      {tensor(R"("dtype":"F32","shape":[2.0],"data_offsets":[0,8])"), 8, "w: a number that is no 64-bit integer"},
      {tensor(R"("dtype":"F32","shape":[[2]],"data_offsets":[0,8])"), 8, "w: a list where none"},
      {tensor(R"("dtype":"F32","shape":2,"data_offsets":[0,8])"), 8, "w: a number where none"},
      {tensor(R"("dtype":"F32","shape":[2],"data_offsets":[0])"), 8, "w: data_offsets are not two"},
      {tensor(R"("dtype":"F8_E4M3","shape":[8],"data_offsets":[0,8])"), 8,
       "w: dtype \"F8_E4M3\" is not supported; convert it in Python, say to float16 (supported: F32 F64 F16 BF16"},
      {tensor(R"("dtype":7,"shape":[8],"data_offsets":[0,8])"), 8, "w: a number where none"},
      {tensor(R"("shape":[2],"data_offsets":[0,8])"), 8, "w: it lacks one of dtype"},
      {tensor(R"("dtype":"F32","shape":[2],"shape":[2],"data_offsets":[0,8])"), 8, "w: there are two \"shape\""},
      {tensor(R"("dtype":"F32","shape":[2],"data_offsets":[0,8],"more":1)"), 8, "w: \"more\" is not a field"},
      {R"({"w":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"w":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}})",
       8, "w: there are two of it"},
      {R"({"w":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"v":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}})",
       8, "overlap"},
      {R"({"__metadata__":{"a":1}})", 0, "__metadata__: a number"},
      {R"({"__metadata__":{"a":"b","a":"c"}})", 0, "__metadata__: there are two \"a\""},
      {R"({"__metadata__":{},"__metadata__":{}})", 0, "__metadata__: there are two of it"},
      {R"({"__metadata__":"a"})", 0, "__metadata__: a string"},
      {R"({"w":null})", 0, "w: null"},
      {R"({"w":{"dtype":"F32")", 0, "header, byte"},
      {"[]", 0, "header: a list"},
      {"{}x", 0, "header, byte"},
      {std::string(100000, '['), 0, "header: a list"},
      {"", 0, "header, byte"}};
  for (const auto& each : cases) {
    put(folder / "f", safetensors(each.header, each.data));
    check_error<WeightsError>([&] { read_safetensors(folder / "f"); }, {"/f: ", each.words});
  }
  put(folder / "f", safetensors("{}", 0).substr(0, 7));
  check_error<WeightsError>([&] { read_safetensors(folder / "f"); }, {"too few"});
  put(folder / "f", safetensors("{}      ", 0).substr(0, 10));
  check_error<WeightsError>([&] { read_safetensors(folder / "f"); }, {"byte 0: ", "cut off"});
  put(folder / "f", "\xff\xff\xff\xff\xff\xff\xff\x7f{}");
  check_error<WeightsError>([&] { read_safetensors(folder / "f"); }, {"byte 0: ", "no safetensors file"});
  put(folder / "f", safetensors("{}    ", 0));  // spaces fill it up
  BOOST_TEST(read_safetensors(folder / "f").empty());
}

BOOST_AUTO_TEST_CASE(what_cannot_be_written) {
  const Folder folder{"safetensors-write"};
  StateDict state;
  state.add("__metadata__", TensorData::of(std::vector<float>{1}, {1}));
  check_error<WeightsError>([&] { write_safetensors(folder / "f", state); }, {"__metadata__: ", "keeps this name"});
  StateDict latin;
  latin.add("cl\xe9", TensorData::of(std::vector<float>{1}, {1}));
  check_error<WeightsError>([&] { write_safetensors(folder / "f", latin); }, {"not UTF-8"});
  BOOST_TEST(!std::filesystem::exists(folder / "f"));
  check_error<FileError>([&] { write_safetensors(folder / "absent/f", StateDict{}); }, {"absent/f: cannot be written"});
}

BOOST_AUTO_TEST_CASE(a_state_dict_checks_what_it_is_given) {
  StateDict state;
  state.source = "some.file";
  state.add("w", TensorData::of(std::vector<float>{1, 2}, {2}));
  check_error<WeightsError>([&] { state.add("w", TensorData::of(std::vector<float>{1}, {1})); },
                            {"some.file: w: there are two"});
  check_error<WeightsError>([&] { state.add("v", {DType::float32, {3}, state.at("w").bytes, {}}); },
                            {"some.file: v: 8 bytes", "(3)", "float32"});
  check_error<WeightsError>([&] { state.add("v", {DType::float32, {-2, -1}, state.at("w").bytes, {}}); }, {"(-2, -1)"});
  check_error<WeightsError>([&] { state.at("v"); }, {"some.file: v: there is no such tensor"});
  check_error<WeightsError>([&] { state.at("w").values<double>(); }, {"float32 read as float64"});
  check_error<WeightsError>([] { TensorData::of(std::vector<float>{1}, {2}); }, {"1 values do not fill the shape (2)"});
  BOOST_TEST(state.find("v") == nullptr);
  BOOST_TEST(state.size() == 1);
}
