#define BOOST_TEST_MODULE weights_fit
#include <boost/test/unit_test.hpp>

#include <tagger/weights/rename.hpp>

#include "weights/support.hpp"

using namespace tagger;
using namespace weights_test;

namespace {

StateDict named(std::initializer_list<const char*> names) {
  StateDict state;
  state.source = "some.pth";
  state.metadata["a"] = "b";
  for (const auto* name : names) state.add(name, TensorData::of(std::vector<float>{1}, {1}));
  return state;
}

std::vector<std::string> names(const StateDict& state) {
  std::vector<std::string> result;
  for (const auto& [name, tensor] : state) result.push_back(name);
  return result;
}

using Names = std::vector<std::string>;

}  // namespace

BOOST_AUTO_TEST_CASE(wrappers_are_taken_off_once) {
  const auto state = rename(named({"module.conv.weight", "_orig_mod.bn.bias", "_orig_mod.module.a",
                                   "module._orig_mod.b", "module.module.c", "submodule.d"}),
                            unwrap_renames);
  BOOST_TEST(names(state) == (Names{"conv.weight", "bn.bias", "a", "b", "module.c", "submodule.d"}),
             boost::test_tools::per_element());
  BOOST_TEST(state.source == "some.pth");
  BOOST_TEST(state.metadata.at("a") == "b");
}

BOOST_AUTO_TEST_CASE(numbers_and_optional_text) {
  const std::vector<Rename> rules{{"[vit.]layer.{n}.norm_{n}.", "blocks.{n}.norm{n}."}, {"a{n}", "b"}, {"x", "y{n}"}};
  BOOST_TEST(names(rename(named({"vit.layer.11.norm_2.weight", "layer.0.norm_1.bias", "layer..norm_1.bias",
                                 "layer.1x.norm_1.bias", "vit.vit.layer.1.norm_1.bias", "a1z", "a", "layer.3", "x1"}),
                          rules)) ==
                 (Names{"blocks.11.norm2.weight", "blocks.0.norm1.bias", "layer..norm_1.bias", "layer.1x.norm_1.bias",
                        "vit.vit.layer.1.norm_1.bias", "bz", "a", "layer.3", "y{n}1"}),
             boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(the_first_rule_that_fits_wins) {
  const std::vector<Rename> rules{{"a.", "b."}, {"b.", "c."}, {"a.x", "never"}};
  BOOST_TEST(names(rename(named({"a.x", "b.y", "ba."}), rules)) == (Names{"b.x", "c.y", "ba."}),
             boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(two_tensors_of_one_name) {
  check_error<WeightsError>([] { rename(named({"fc.weight", "module.fc.weight"}), unwrap_renames); },
                            {"some.pth: module.fc.weight: renamed to fc.weight", "which fc.weight is called already"});
}
