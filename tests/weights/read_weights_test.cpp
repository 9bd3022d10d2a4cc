#define BOOST_TEST_MODULE read_weights
#include <boost/test/unit_test.hpp>

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
  check_error<WeightsError>(read("evil.pth"), {"evil.pth: evil/data.pkl, byte ", "posix.system", "refused"});
  check_error<WeightsError>(read("evil_legacy.pth"), {"evil_legacy.pth: pickle, byte ", "posix.system", "refused"});
  check_error<WeightsError>(read("numpy.pth"), {"byte ", "numpy", "_reconstruct"});
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
      {"{\"architecture\": \"resnet18\"}", "JSON"},
      {"hello, world", "not recognised"},
      {"x", "not recognised"},
      {"PK\x03\x04 but no archive", "as a zip archive it is damaged or cut off"}};
  for (const auto& [content, words] : cases) {
    put(folder / "weights.pth", content);
    check_error<WeightsError>([&] { read_weights(folder / "weights.pth"); }, {"weights.pth: ", words});
  }
  check_error<WeightsError>([&] { read_weights(folder / ""); }, {"a folder", "model.safetensors"});
  check_error<FileError>([&] { read_weights(folder / "absent"); }, {"absent: No such file"});
}
