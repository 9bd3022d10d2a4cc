#include <boost/test/unit_test.hpp>

#include <sstream>

#include <tagger/weights/load_report.hpp>

#include "weights/support.hpp"

using namespace tagger;
using namespace weights_test;

namespace {

TensorData zeros(std::vector<std::int64_t> shape, DType dtype = DType::float32) {
  const auto count = element_count(shape).value();
  auto bytes = std::make_shared<std::vector<std::byte>>(count * element_size(dtype));
  const std::span<const std::byte> view = *bytes;
  return {dtype, std::move(shape), view, std::move(bytes)};
}

StateDict file(std::initializer_list<std::pair<const char*, TensorData>> tensors) {
  StateDict state;
  state.source = "w.safetensors";
  for (const auto& [name, tensor] : tensors) state.add(name, tensor);
  return state;
}

const std::vector<WantedTensor> kNetwork{{"conv.weight", {4, 3}, DType::float32},
                                         {"bn.num_batches_tracked", {}, DType::int64},
                                         {"fc.weight", {5, 4}, DType::float32},
                                         {"fc.bias", {5}, DType::float32}};

}  // namespace

BOOST_AUTO_TEST_CASE(all_fits) {
  const auto report = compare(file({{"fc.bias", zeros({5})},
                                    {"fc.weight", zeros({5, 4}, DType::float16)},
                                    {"conv.weight", zeros({4, 3}, DType::float64)},
                                    {"bn.num_batches_tracked", zeros({}, DType::int64)}}),
                              kNetwork, "fc.");
  BOOST_TEST(report.fits());
  BOOST_TEST(report.loaded.size() == 4);
  BOOST_TEST(report.left_out.empty());
  BOOST_TEST(to_text(report) == "4 tensors fit");
  report.require_fit();
}

BOOST_AUTO_TEST_CASE(the_classifier_of_other_labels_is_left_out_whole) {
  const auto other = file({{"conv.weight", zeros({4, 3})}, {"fc.weight", zeros({9, 4})}, {"fc.bias", zeros({5})}});
  const auto report = compare(other, kNetwork, "fc.");
  report.require_fit();
  BOOST_TEST(report.loaded == std::vector<std::string>{"conv.weight"}, boost::test_tools::per_element());
  BOOST_TEST(report.left_out == (std::vector<std::string>{"fc.weight", "fc.bias"}), boost::test_tools::per_element());
  BOOST_TEST(report.defaulted.size() == 1);

  compare(file({{"conv.weight", zeros({4, 3})}}), kNetwork, "fc.").require_fit();  // a network without one
  check_error<WeightsError>(
      [&] { compare(other, kNetwork).require_fit(); },  // nobody said that it may differ
      {"w.safetensors: the weights do not fit the network: 2 tensors fit",
       "1 have another shape or type:", "fc.weight: the network has float32 (5, 4), the file float32 (9, 4)"});
}

BOOST_AUTO_TEST_CASE(what_does_not_fit_is_listed) {
  check_error<WeightsError>(
      [&] { compare(file({{"conv.bias", zeros({4})}, {"fc.bias", zeros({5})}}), kNetwork).require_fit(); },
      {"1 tensor fits", "2 are missing in the file:\n    conv.weight\n    fc.weight",
       "1 of the file have no place in the network:\n    conv.bias"});
  check_error<WeightsError>(
      [&] { compare(file({{"conv.weight", zeros({4, 3}, DType::int8)}}), kNetwork, "fc.").require_fit(); },
      {"conv.weight: the network has float32 (4, 3), the file int8 (4, 3)"});
}

BOOST_AUTO_TEST_CASE(axes_of_one_element_do_not_count) {
  const auto fits = [](std::vector<std::int64_t> found, std::vector<std::int64_t> wanted) {
    const WantedTensor place{"conv.weight", std::move(wanted)};
    return compare(file({{"conv.weight", zeros(std::move(found))}}), std::span(&place, 1)).fits();
  };
  BOOST_TEST(fits({4, 3, 1, 1}, {4, 3}));
  BOOST_TEST(fits({4, 3}, {4, 3, 1, 1}));
  BOOST_TEST(fits({1, 1, 4}, {4}));
  BOOST_TEST(fits({}, {1}));
  BOOST_TEST(!fits({3, 4}, {4, 3}));
  BOOST_TEST(!fits({12}, {4, 3}));
  BOOST_TEST(!fits({4, 3, 2}, {4, 3}));
}

BOOST_AUTO_TEST_CASE(notes_are_told) {
  auto state = file({{"conv.weight", zeros({4, 3})}});
  state.notes = {"read from the checkpoint's state_dict", "renamed from the keys of somebody"};
  BOOST_TEST(to_text(compare(state, std::span(&kNetwork[0], 1))) ==
             "1 tensor fits\n  read from the checkpoint's state_dict\n  renamed from the keys of somebody");
}

BOOST_AUTO_TEST_CASE(long_lists_are_cut) {
  StateDict many;
  for (int i = 0; i < 20; ++i) many.add("x" + std::to_string(i), zeros({1}));
  std::ostringstream out;
  out << compare(many, kNetwork, "fc.");
  BOOST_TEST(out.str().find("20 of the file have no place") != std::string::npos);
  BOOST_TEST(out.str().find("x7\n    ... and 12 more") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(hints) {
  const auto hint = [](const StateDict& state) {
    const auto report = compare(state, kNetwork, "fc.");
    return report.hints.empty() ? std::string() : report.hints.front();
  };
  BOOST_TEST(hint(file({{"encoder.net.conv.weight", zeros({4, 3})}})) ==
             "the names in the file start with \"encoder.net.\": without it, 1 of them would fit (a renaming rule does "
             "that)");
  BOOST_TEST(hint(file({{"weight", zeros({4, 3})}})).find("lack \"conv.\": with it, 1") != std::string::npos);
  BOOST_TEST(hint(file({{"stem.kernel", zeros({4, 3})}})).find("another kind of network") != std::string::npos);
  BOOST_TEST(hint(file({{"conv.weight", zeros({4, 3})}, {"conv2.weight", zeros({4, 3})}})).find("deeper") !=
             std::string::npos);
  BOOST_TEST(
      hint(file({{"conv.weight", zeros({8, 3})}, {"bn.num_batches_tracked", zeros({}, DType::int64)}})).find("wider") !=
      std::string::npos);
}

BOOST_AUTO_TEST_CASE(the_network_of_the_file_is_named) {
  const auto resnet = [](std::initializer_list<int> depths, bool bottleneck) {
    StateDict state;
    int stage = 0;
    for (const int depth : depths) {
      ++stage;
      for (int block = 0; block < depth; ++block) {
        for (int conv = 1; conv <= (bottleneck ? 3 : 2); ++conv) {
          const std::string start = "layer" + std::to_string(stage) + '.' + std::to_string(block);
          state.add(start + ".conv" + std::to_string(conv) + ".weight", zeros({4}));
        }
      }
    }
    return state;
  };
  const auto named = [](const StateDict& state) {
    detail::NamedShapes shapes;
    for (const auto& [name, tensor] : state) shapes.emplace(name, tensor.shape);
    return detail::describe_network(shapes);
  };
  BOOST_TEST(named(resnet({3, 4, 23, 3}, true)) == "a ResNet with bottlenecks of 3 + 4 + 23 + 3 blocks");
  BOOST_TEST(named(resnet({2, 2, 2, 2}, false)) == "a ResNet of 2 + 2 + 2 + 2 blocks");
  const auto vit = file({{"patch_embed.proj.weight", zeros({384, 1})},
                         {"blocks.0.attn.qkv.weight", zeros({1})},
                         {"blocks.0.norm1.weight", zeros({1})},
                         {"blocks.10.norm1.weight", zeros({1})}});
  BOOST_TEST(named(vit) == "a ViT of 2 blocks, 384 wide");
  BOOST_TEST(named(file({{"bert.embeddings.word_embeddings.weight", zeros({1})}})) == "a text model");
  BOOST_TEST(named(file({{"conv.weight", zeros({4, 3})}})) == "");
  BOOST_TEST(named({}) == "");

  std::vector<WantedTensor> network;
  for (const auto& [name, tensor] : resnet({2, 2, 2, 2}, false)) network.push_back({name, tensor.shape});
  check_error<WeightsError>([&] { compare(vit, network).require_fit(); },
                            {"hint: next to nothing of the file fits: it is of another kind of network\n  hint: by its "
                             "names the file is of a "
                             "ViT of 2 blocks, 384 wide, the network is a ResNet of 2 + 2 + 2 + 2 blocks"});
}
