// What transformers have beyond other networks: tokens, sizes that they are made for, weights of another size.
#include <cstdint>
#include <memory>
#include <string>
#include <tuple>
#include <vector>

#include <boost/test/unit_test.hpp>

#include <ATen/core/grad_mode.h>

#include <tagger/backbone/dinov2.hpp>
#include <tagger/backbone/dinov3.hpp>
#include <tagger/backbone/eva02.hpp>
#include <tagger/backbone/swin.hpp>
#include <tagger/backbone/vit.hpp>
#include <tagger/model/autocast.hpp>
#include <tagger/model/tagger.hpp>
#include <tagger/weights/load_weights.hpp>
#include <tagger/weights/resample_position.hpp>

#include "networks/generated.hpp"
#include "networks/golden.hpp"

using namespace tagger;

BOOST_AUTO_TEST_SUITE(transformers)

namespace {

/// One of each family.
using Small = std::tuple<ViTTinyPatch16_224, ViTSmallPatch14Reg4DINOv2, EVA02TinyPatch14_336, ViTSmallPatch16DINOv3,
                         SwinTinyPatch4Window7_224, SwinV2TinyWindow8_256>;

template <class B>
Tagger<B> filled(std::int64_t side) {
  Tagger<B> model{generated::labels(7),
                  {.backbone = make_backbone<B>({.input_size = static_cast<int>(side)}), .head = {.dropout = 0}}};
  generated::fill(model);
  model.eval();
  return model;
}

/// Calls `take.operator()<B>()` with the type of SMALL that has this name.
void with_backbone(const std::string& name, auto take) {
  [&]<class... B>(std::type_identity<std::tuple<B...>>) {
    BOOST_REQUIRE(((B::spec().name == name && (take.template operator()<B>(), true)) || ...));
  }(std::type_identity<Small>{});
}

void check_message(auto action, const std::string& expected) {
  BOOST_CHECK_EXCEPTION(action(), OptionError, [&](const OptionError& error) {
    BOOST_TEST(std::string(error.what()).find(expected) != std::string::npos, error.what());
    return true;
  });
}

}  // namespace

BOOST_AUTO_TEST_CASE_TEMPLATE(gradients_are_those_of_timm, B, Small) {
  const std::string name = B::spec().name;
  const auto pictures = golden("transformers.json").at("networks").at(name).at("pictures");
  auto model = filled<B>(pictures.at(2));
  model.to(at::kDouble);
  model.forward(generated::tensor("images", pictures).to(at::kDouble)).values.square().mean().backward();
  const auto parameters = model.backbone().named_parameters();
  int compared = 0;
  for (const auto& [key, norm] : golden("transformers.json").at("gradients").at(name).items()) {
    if (key.starts_with("head.")) continue;
    BOOST_TEST_CONTEXT(key) {
      BOOST_TEST(parameters[key].grad().norm().template item<double>() == norm.template get<double>(),
                 boost::test_tools::tolerance(1e-5));
    }
    ++compared;
  }
  BOOST_TEST(compared > 20);
}

BOOST_AUTO_TEST_CASE(weights_of_another_size_give_the_logits_of_timm) {
  for (const auto& expected : golden("transformers.json").at("resampled")) {
    const auto side = expected.at("side").get<std::int64_t>(), other = expected.at("other").get<std::int64_t>();
    BOOST_TEST_CONTEXT(expected.at("name") << " from " << side << " to " << other) {
      with_backbone(expected.at("name"), [&]<class B>() {
        StateDict file;
        auto made = filled<B>(side);
        for (const auto& [name, value] : model_state(made)) file.add(name, as_data(value));
        auto model = filled<B>(other);
        const LoadReport report = load_weights(model, file, Classifier::required);
        BOOST_TEST(report.notes.size() == 1);
        BOOST_TEST(report.notes.at(0).find("resampled") != std::string::npos);
        const at::Tensor logits = logits_of(model, generated::tensor("images", {2, 3, other, other}));
        BOOST_TEST(difference(logits, rows(expected.at("logits"))) < 1e-4);
        BOOST_TEST(load_weights(made, file, Classifier::required).notes.empty());
      });
    }
  }
}

BOOST_AUTO_TEST_CASE(positions_and_offsets_are_resampled_as_timm_does) {
  const Json& expected = golden("transformers.json").at("functions");
  const at::Tensor positions = generated::tensor("images", {1, 1 + 49, 5}),
                   table = generated::tensor("images", {169, 3});
  for (const int side : {4, 11}) {
    check_sample(resample_positions(positions, 1, side), expected.at("positions").at(std::to_string(side)), 1e-5);
  }
  for (const int window : {3, 8, 12}) {
    const at::Tensor found = resample_offsets(table, (2 * window - 1) * (2 * window - 1));
    check_sample(found, expected.at("offsets").at(std::to_string(window)), 1e-5);
  }
  // Nothing to do, or nothing that could be done: the comparison of shapes will say so.
  BOOST_TEST(resample_positions(positions, 1, 7).is_same(positions));
  BOOST_TEST(resample_positions(positions, 0, 4).is_same(positions));
  BOOST_TEST(resample_offsets(table, 169).is_same(table));
  BOOST_TEST(resample_offsets(table, 170).is_same(table));
  BOOST_TEST(resample_offsets(table, 36).is_same(table));
  const at::Tensor half = resample_positions(positions.to(at::kHalf), 1, 4);
  BOOST_TEST(half.scalar_type() == at::kHalf);
  BOOST_TEST(torch::allclose(half.to(at::kFloat), resample_positions(positions, 1, 4), 1e-2, 1e-2));
}

BOOST_AUTO_TEST_CASE(tokens_are_prefix_and_patches) {
  const at::NoGradGuard no_gradient;
  const auto check = [](auto model, std::int64_t prefix, std::int64_t patches) {
    model.eval();
    const TokenSequence tokens = model.forward(generated::tensor("images", {2, 3, 56, 56}));
    BOOST_TEST(tokens.prefix == prefix);
    BOOST_TEST(tokens.values.size(1) == prefix + patches);
    BOOST_TEST(places(tokens).size(1) == patches);
    BOOST_TEST(pooled(tokens).sizes() == (std::vector<std::int64_t>{2, model.spec().features}));
    return tokens;
  };
  const auto registers = check(ViTSmallPatch14Reg4DINOv2{{.input_size = 56}}, 5, 16);
  BOOST_TEST(torch::equal(pooled(registers), registers.values.select(1, 0)));
  check(EVA02TinyPatch14_336{{.input_size = 56}}, 1, 16);
}

BOOST_AUTO_TEST_CASE(sizes_that_do_not_fit_are_refused) {
  check_message([] { ViTTinyPatch16_224 backbone({.input_size = 100}); },
                "vit_tiny_patch16_224 does not take pictures of 100 pixels a side: give it a multiple of 16");
  check_message([] { ViTTinyPatch16_224 backbone({.input_size = -16}); }, "a multiple of 16");
  check_message([] { SwinTinyPatch4Window7_224 backbone({.input_size = 2}); }, "a multiple of 4");
  ViTTinyPatch16_224 fixed({.input_size = 32});
  check_message([&] { fixed.forward(torch::zeros({1, 3, 48, 32})); },
                "vit_tiny_patch16_224 was made for pictures of 32 x 32 pixels, not of 48 x 32");
  ViTSmallPatch16DINOv3 free({.input_size = 32});
  check_message([&] { free.forward(torch::zeros({1, 3, 48, 40})); }, "multiples of 16 pixels, not of 48 x 40");
}

// Masks, biases and rotations take the type of what they are added to.
BOOST_AUTO_TEST_CASE_TEMPLATE(mixed_precision_is_near, B, Small) {
  const auto pictures = golden("transformers.json").at("networks").at(B::spec().name).at("pictures");
  const at::Tensor images = generated::tensor("images", pictures);
  auto model = filled<B>(pictures.at(2));
  const at::Tensor exact = logits_of(model, images);
  const Autocast mixed{Arithmetic::bfloat16, at::kCPU};
  const at::Tensor rounded = model.forward(images).values;
  rounded.sum().backward();
  BOOST_TEST(difference(rounded.detach(), exact.to(at::kDouble)) < 0.1);
  for (const auto& parameter : model.parameters()) BOOST_TEST(parameter.grad().isfinite().all().template item<bool>());
}

BOOST_AUTO_TEST_SUITE_END()
