#include <boost/test/unit_test.hpp>

#include <tagger/report/json_value.hpp>
#include <tagger/weights/known_layouts.hpp>

#include "weights/support.hpp"

using namespace tagger;
using namespace weights_test;

namespace {

/// A tensor whose values no tensor of another `seed` has.
TensorData numbered(std::vector<std::int64_t> shape, std::size_t seed) {
  std::vector<std::int64_t> values(element_count(shape).value());
  for (std::size_t i = 0; i < values.size(); ++i) values[i] = static_cast<std::int64_t>(seed << 32 | i);
  return TensorData::of(values, std::move(shape));
}

StateDict numbered(const std::vector<std::pair<std::string, std::vector<std::int64_t>>>& shapes) {
  StateDict state;
  state.source = "some.pth";
  state.metadata["a"] = "b";
  for (const auto& [name, shape] : shapes) state.add(name, numbered(shape, state.size()));
  return state;
}

std::vector<std::string> names(const StateDict& state) {
  std::vector<std::string> result;
  for (const auto& [name, tensor] : state) result.push_back(name);
  return result;
}

std::string notes(const StateDict& state) {
  std::string text;
  for (const auto& note : state.notes) text += note + '\n';
  return text;
}

const KeyLayout fused{.name = "a test",
                      .telltales = {"b.{n}.query."},
                      .renames = {{"b.{n}.", "blocks.{n}."}},
                      .joins = {{{"b.{n}.query.", "b.{n}.key."}, "blocks.{n}.qk."}},
                      .splits = {{"b.{n}.both.", {"b.{n}.first.", "b.{n}.second."}}},
                      .unused = {"b.{n}.index"}};

}  // namespace

// tests/oracles/weight_layouts.py shows that timm's networks give the same logits with these tensors.
BOOST_AUTO_TEST_CASE(layouts_of_others_become_ours) {
  const Json golden_file = read_json(golden("layouts.json"));
  for (const auto& [layout, entry] : golden_file["layouts"].items()) {
    for (const std::string wrapper : {"", "module."}) {
      BOOST_TEST_CONTEXT(layout << " behind \"" << wrapper << '"') {
        StateDict theirs;
        for (const auto& [name, shape] : entry["names"].items()) {
          theirs.add(wrapper + name, numbered(shape.get<std::vector<std::int64_t>>(), theirs.size()));
        }
        const StateDict ours = with_our_keys(theirs);
        BOOST_TEST(ours.size() == entry["parts"].size());
        for (const auto& [name, parts] : entry["parts"].items()) {
          const auto* found = ours.find(name);
          BOOST_REQUIRE_MESSAGE(found != nullptr, name << " is missing");
          std::string expected;
          for (const auto& part : parts) expected += text_of(theirs.at(wrapper + part.get<std::string>()).bytes);
          BOOST_TEST((text_of(found->bytes) == expected), name << " is another");
          if (parts.size() > 1) {
            BOOST_TEST(found->shape.front() == 3 * theirs.at(wrapper + parts[0].get<std::string>()).shape.front());
          }
        }
        BOOST_REQUIRE_EQUAL(ours.notes.size(), 1);
        BOOST_TEST(("renamed from the keys of " + layout).starts_with(ours.notes.front()), ours.notes.front());
      }
    }
  }
  BOOST_TEST(golden_file["layouts"].size() == 8);
}

BOOST_AUTO_TEST_CASE(a_base_model_without_its_classifier) {
  const auto state = with_our_keys(numbered({{"embeddings.cls_token", {1, 1, 4}},
                                             {"embeddings.patch_embeddings.projection.weight", {4, 3, 2, 2}},
                                             {"encoder.layer.0.layernorm_before.bias", {4}},
                                             {"pooler.dense.weight", {4, 4}}}));
  BOOST_TEST(names(state) == (std::vector<std::string>{"cls_token", "patch_embed.proj.weight", "blocks.0.norm1.bias"}),
             boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(small_layouts) {
  auto state = with_our_keys(
      numbered({{"module.base_model.layer1.0.conv1.weight", {1}}, {"module.base_model.fc.1.weight", {1}}}));
  BOOST_TEST(names(state) == (std::vector<std::string>{"layer1.0.conv1.weight", "fc.weight"}),
             boost::test_tools::per_element());
  BOOST_TEST(notes(state) == "renamed from the keys of the NUS-WIDE tutorial\n");
  state = with_our_keys(numbered({{"n_averaged", {}}, {"module.fc.weight", {1}}}));
  BOOST_TEST(names(state) == std::vector<std::string>{"fc.weight"}, boost::test_tools::per_element());
  state = with_our_keys(numbered({{"mask_token", {1}}, {"blocks.0.ls1.gamma", {1}}}));
  BOOST_TEST(names(state) == std::vector<std::string>{"blocks.0.ls1.gamma"}, boost::test_tools::per_element());

  state = with_our_keys(numbered({{"mask_token", {1}}, {"layer1.0.conv1.weight", {1}}}));  // none of them
  BOOST_TEST(state.size() == 2);
  BOOST_TEST(notes(state) == "");
  BOOST_TEST(state.source == "some.pth");
  BOOST_TEST(state.metadata.at("a") == "b");
}

BOOST_AUTO_TEST_CASE(joining_and_splitting) {
  const auto theirs = numbered({{"b.11.key.bias", {1}},
                                {"b.11.query.bias", {2}},
                                {"b.11.both.weight", {4, 2}},
                                {"b.11.index", {9}},
                                {"b.11.norm", {2}}});
  BOOST_TEST(has_layout(theirs, fused));
  const auto ours = convert(theirs, fused);
  BOOST_TEST(ours.size() == 4);
  BOOST_TEST(text_of(ours.at("blocks.11.qk.bias").bytes) ==
             text_of(theirs.at("b.11.query.bias").bytes) + text_of(theirs.at("b.11.key.bias").bytes));
  BOOST_TEST(ours.at("blocks.11.first.weight").shape == (std::vector<std::int64_t>{2, 2}),
             boost::test_tools::per_element());
  const std::string both = text_of(theirs.at("b.11.both.weight").bytes);
  BOOST_TEST(text_of(ours.at("blocks.11.first.weight").bytes) == both.substr(0, both.size() / 2));
  BOOST_TEST(text_of(ours.at("blocks.11.second.weight").bytes) == both.substr(both.size() / 2));
  BOOST_TEST(ours.at("blocks.11.second.weight").owner == theirs.at("b.11.both.weight").owner);
}

BOOST_AUTO_TEST_CASE(what_cannot_be_joined_or_split) {
  check_error<WeightsError>([] { convert(numbered({{"b.0.query.bias", {2}}}), fused); },
                            {"some.pth: blocks.0.qk.bias: the file has the keys of a test, but lacks a part of this: "
                             "b.{n}.key."});
  check_error<WeightsError>(
      [] { convert(numbered({{"b.0.query.weight", {2, 3}}, {"b.0.key.weight", {2, 4}}}), fused); },
      {"some.pth: blocks.0.qk.weight: its parts are int64 (2, 3) and int64 (2, 4): they cannot be joined"});
  check_error<WeightsError>([] { convert(numbered({{"b.0.query.x", {}}, {"b.0.key.x", {}}}), fused); },
                            {"cannot be joined"});
  check_error<WeightsError>([] { convert(numbered({{"b.0.both.weight", {3, 2}}}), fused); },
                            {"some.pth: b.0.both.weight: shape (3, 2) has no 2 equal parts"});
  check_error<WeightsError>(
      [] { convert(numbered({{"b.0.query.x", {1}}, {"b.0.key.x", {1}}, {"blocks.0.qk.x", {1}}}), fused); },
      {"some.pth: blocks.0.qk.x: there are two of it"});
}
