#define BOOST_TEST_MODULE read_weights
#include <boost/test/unit_test.hpp>

#include <tagger/weights/pytorch_write.hpp>
#include <tagger/weights/read_weights.hpp>

#include "weights/support.hpp"

using namespace tagger;
using namespace weights_test;

BOOST_AUTO_TEST_CASE(every_type_of_every_format) {
  for (const auto* name : {"types.safetensors", "types.pth", "types_legacy.pth", "types_protocol4.pth",
                           "types_legacy_protocol4.pth", "types_big_endian.pth"}) {
    const auto state = read_weights(golden(name));
    BOOST_TEST(state.source == golden(name));
    BOOST_TEST(state.size() == every_type().size());
    for (const auto& expected : every_type()) check_tensor(state, expected);
  }
}

BOOST_AUTO_TEST_CASE(the_order_of_the_file_is_kept) {
  for (const auto* name : {"types.pth", "types_legacy.pth"}) {
    const auto all = every_type();
    std::size_t i = 0;
    for (const auto& [key, tensor] : read_weights(golden(name))) BOOST_TEST(key == all[i++].name);
  }
}

BOOST_AUTO_TEST_CASE(metadata_of_safetensors) {
  const auto state = read_weights(golden("types.safetensors"));
  BOOST_TEST(state.metadata.size() == 2);
  BOOST_TEST(state.metadata.at("note") == "a \"note\"");
  BOOST_TEST(read_weights(golden("none.safetensors")).empty());
}

BOOST_AUTO_TEST_CASE(layouts_become_contiguous) {
  for (const auto* name : {"layouts.pth", "layouts_legacy.pth"}) {
    const auto state = read_weights(golden(name));
    BOOST_TEST(state.size() == 10);
    check_tensor(state, {"transposed", 21, {4, 3}});
    check_tensor(state, {"channels_last", 22, {2, 3, 2, 2}});
    check_tensor(state, {"shared", 20, {6, 4}});
    check_tensor(state, {"parameter", 24, {3, 2}});
    check_tensor(state, {"parameter.bfloat16", 25, {2}, DType::bfloat16});
    check_tensor(state, {"one.stride", 26, {1, 3}});

    const auto whole = doubles(state.at("shared"));
    const auto rows = doubles(state.at("shared.rows"));
    BOOST_TEST(rows == std::vector<double>(whole.begin() + 8, whole.begin() + 16), boost::test_tools::per_element());
    std::vector<double> columns, stepped, expanded;
    for (std::size_t row = 0; row < 6; ++row) columns.insert(columns.end(), {whole[4 * row + 1], whole[4 * row + 2]});
    for (std::size_t i = 1; i < 24; i += 5) stepped.push_back(whole[i]);
    for (std::size_t i = 0; i < 12; ++i) expanded.push_back(expected_value(23, i % 3, DType::float32));
    BOOST_TEST(doubles(state.at("shared.columns")) == columns, boost::test_tools::per_element());
    BOOST_TEST(doubles(state.at("shared.stepped")) == stepped, boost::test_tools::per_element());
    BOOST_TEST(doubles(state.at("expanded")) == expanded, boost::test_tools::per_element());

    // A view of the shared storage is a view still: nothing was copied.
    BOOST_TEST(state.at("shared.rows").bytes.data() == state.at("shared").bytes.data() + 8 * sizeof(float));
    BOOST_TEST(state.at("shared.rows").owner == state.at("shared").owner);
  }
}

BOOST_AUTO_TEST_CASE(tensors_outlive_the_state_dict) {
  for (const auto* name : {"types.safetensors", "types.pth", "types_legacy.pth", "layouts.pth"}) {
    TensorData kept;
    {
      const auto state = read_weights(golden(name));
      kept = (*state.begin()).second;
    }
    BOOST_TEST(doubles(kept).size() == kept.numel());
  }
}

BOOST_AUTO_TEST_CASE(the_network_in_a_training_checkpoint) {
  for (const auto* name : {"checkpoint.pth", "checkpoint_legacy.pth"}) {
    const auto state = read_weights(golden(name));
    BOOST_TEST(state.size() == 2);  // neither the optimizer nor best_acc1, a tensor at the top
    check_tensor(state, {"module.weight", 30, {2, 3}});
    check_tensor(state, {"module.bias", 31, {2}});
  }
  check_tensor(read_weights(golden("ema.pth")), {"w", 41, {2}});
  check_tensor(read_weights(golden("nested.pth")), {"w", 42, {2}});
}

BOOST_AUTO_TEST_CASE(timm_s_training_checkpoints) {
  for (const auto* name : {"timm_checkpoint.pth.tar", "timm_checkpoint_legacy.pth.tar"}) {
    const auto state = read_weights(golden(name));
    BOOST_TEST(state.size() == 1);
    check_tensor(state, {"w", 51, {2}});  // the averaged ones
    BOOST_REQUIRE_EQUAL(state.notes.size(), 2);
    BOOST_TEST(state.notes[0] == "read from the checkpoint's state_dict_ema, not its state_dict");
    BOOST_TEST(state.notes[1].starts_with("passed over, not run: "), state.notes[1]);
    BOOST_TEST(state.notes[1].find(" argparse.Namespace, ") != std::string::npos, state.notes[1]);
  }
}

namespace {

StateDict of(std::initializer_list<std::pair<const char*, float>> values) {
  StateDict state;
  for (const auto& [name, value] : values) state.add(name, TensorData::of(std::vector<float>{value}, {1}));
  return state;
}

}  // namespace

BOOST_AUTO_TEST_CASE(weights_in_several_files) {
  const Folder folder{"sharded"};
  write_safetensors(folder / "a.safetensors", of({{"v", 1}, {"w", 2}}));
  write_safetensors(folder / "b.safetensors", of({{"x", 3}}));
  write_pytorch(folder / "c.bin", of({{"y", 4}}));
  const auto index = folder / "model.safetensors.index.json";
  const auto list = [&](const std::string& map) {
    put(index, R"({"metadata": {"total_size": 16}, "weight_map": )" + map + "}");
  };
  list(R"({"x": "b.safetensors", "v": "a.safetensors", "w": "a.safetensors", "y": "c.bin"})");
  for (const auto& path : {index, index.parent_path()}) {
    const auto state = read_weights(path);
    std::string names;
    for (const auto& [name, tensor] : state) names += name + std::to_string(tensor.values<float>().front()).front();
    BOOST_TEST(names == "x3v1w2y4");
    BOOST_TEST(state.source == index);
    BOOST_REQUIRE_EQUAL(state.notes.size(), 1);
    BOOST_TEST(state.notes[0] == "read from 3 files of model.safetensors.index.json");
  }

  const auto refuses = [&](const std::string& map, std::initializer_list<std::string_view> words) {
    list(map);
    check_error<WeightsError>([&] { read_weights(index); }, words);
  };
  const std::string two = R"({"v": "a.safetensors", "w": "a.safetensors", )";
  refuses(two + R"("x": "d.safetensors"})",
          {"index.json: weight_map.x: d.safetensors is missing: was all of it downloaded?"});
  refuses(R"({"v": "a.safetensors", "x": "b.safetensors"})",
          {"a.safetensors: w: model.safetensors.index.json does not list it"});
  refuses(two + R"("x": "b.safetensors", "z": "b.safetensors"})",
          {"index.json: weight_map.z: b.safetensors does not have it"});
  write_safetensors(folder / "b.safetensors", of({{"x", 3}, {"w", 5}}));
  refuses(two + R"("x": "b.safetensors"})", {"b.safetensors: w: model.safetensors.index.json has it in a.safetensors"});
  for (const char* elsewhere : {"../a.safetensors", "/etc/passwd", "..", ".", ""}) {
    refuses(R"({"x": ")" + std::string(elsewhere) + "\"}",
            {"index.json: weight_map.x: \"", elsewhere, "is not the name of a file beside the index"});
  }
  refuses(R"({"x": "model.safetensors.index.json"})", {"not recognised"});  // an index of itself
  list("[]");
  check_error<DataError>([&] { read_weights(index); }, {"index.json: weight_map: an object is expected here"});
  list(R"({"x": 1})");
  check_error<DataError>([&] { read_weights(index); }, {"index.json: weight_map.x: a string is expected here"});
  put(index, "{\"weight_map\": ");
  check_error<DataError>([&] { read_weights(index); }, {"index.json: byte ", "is not JSON"});
}

BOOST_AUTO_TEST_CASE(a_folder_stands_for_the_weights_in_it) {
  const Folder folder{"weights-folder"};
  put(folder / "config.json", "{}");
  check_error<FileError>([&] { read_weights(folder / ""); },
                         {"a folder without weights: none of model.safetensors, ", "pytorch_model.bin"});
  write_pytorch(folder / "pytorch_model.bin", of({{"old", 1}}));
  BOOST_TEST(read_weights(folder / "").contains("old"));
  write_safetensors(folder / "model.safetensors", of({{"new", 1}}));
  BOOST_TEST(read_weights(folder / "").contains("new"));
}

BOOST_AUTO_TEST_CASE(a_mapped_file_may_be_replaced) {
  const Folder folder{"mapped"};
  write_safetensors(folder / "w", of({{"w", 1}}));
  const auto state = read_weights(folder / "w");
  write_safetensors(folder / "w", of({{"w", 2}}));
  std::filesystem::remove(folder / "w");
  BOOST_TEST(state.at("w").values<float>().front() == 1);
}

BOOST_AUTO_TEST_CASE(files_without_a_state_dict) {
  const auto read = [](const char* name) { return [name] { read_weights(golden(name)); }; };
  check_error<WeightsError>(read("no_tensors.pth"), {"no_tensors.pth: ", "no tensors", "\"epoch\" \"config\""});
  check_error<WeightsError>(read("list.pth"), {"list.pth: ", "a list, not a state dict"});
  check_error<WeightsError>(read("torchscript.pt"), {"torchscript.pt: ", "TorchScript"});
  check_error<WeightsError>(read("plain.pickle"), {"plain.pickle: ", "a pickle that torch.save did not write"});
}

BOOST_AUTO_TEST_CASE(what_a_pickle_may_not_name) {
  const auto read = [](const char* name) { return [name] { read_weights(golden(name)); }; };
  std::filesystem::remove("/tmp/tagger-was-here");
  const auto beside = read_weights(golden("evil.pth"));  // beside the state dict it harms nobody
  check_tensor(beside, {"w", 44, {2}});
  BOOST_TEST(beside.notes == (std::vector<std::string>{"read from the checkpoint's state_dict",
                                                       "passed over, not run: posix.system"}),
             boost::test_tools::per_element());
  check_error<WeightsError>(read("evil_legacy.pth"),
                            {"evil_legacy.pth: evil: it is made by posix.system, which is not run"});
  check_error<WeightsError>(read("numpy.pth"), {"numpy.pth: scale: it is made by numpy", "_reconstruct"});
  check_error<WeightsError>(read("module.pth"), {"torch.nn.modules.linear.Linear", "state_dict()"});
  BOOST_TEST(!std::filesystem::exists("/tmp/tagger-was-here"));
}

BOOST_AUTO_TEST_CASE(other_files_are_called_by_their_name) {
  using namespace std::string_literals;
  const Folder folder{"read-weights"};
  const std::pair<std::string, std::string_view> cases[] = {
      {"", "the file is empty"},
      {"<!DOCTYPE html>\n<html>", "web page"},
      {"\n  <html>", "web page"},
      {"version https://git-lfs.github.com/spec/v1\noid sha256:0\n", "git lfs pull"},
      {"\x89HDF\r\n\x1a\n0123456789", "HDF5"},
      {"\x08\x07\x12\x07pytorch", "ONNX"},
      {"\x93NUMPY\x01", "NumPy"},
      {"GGUF\x03", "GGUF"},
      {"\x1f\x8b\x08", "gzip"},
      {std::string(257, '\0') + "ustar", "tar archive"},
      {"{\"architecture\": \"resnet18\"}", "it is JSON, but no index of weights in several files"},
      {"hello, world", "not recognised"},
      {"x", "not recognised"},
      {"PK\x03\x04 but no archive", "as a zip archive it is damaged or cut off"}};
  for (const auto& [content, words] : cases) {
    put(folder / "weights.pth", content);
    check_error<WeightsError>([&] { read_weights(folder / "weights.pth"); }, {"weights.pth: ", words});
  }
  check_error<FileError>([&] { read_weights(folder / "absent"); }, {"absent: No such file"});
}
