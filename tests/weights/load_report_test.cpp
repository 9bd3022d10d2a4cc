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
