// Stochastic depth: rates and masks are timm's, what is left out is left out of a picture whole, and nothing in
// evaluation.
#include <cmath>
#include <cstdint>
#include <memory>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include <boost/test/unit_test.hpp>

#include <ATen/Context.h>
#include <ATen/core/grad_mode.h>

#include <tagger/backbone/drop_path.hpp>
#include <tagger/train/frozen_layers.hpp>

#include "networks/any_tagger.hpp"
#include "networks/generated.hpp"
#include "networks/golden.hpp"

using namespace tagger;

BOOST_AUTO_TEST_SUITE(drop_path)

namespace {

std::vector<double> rates_of(const torch::nn::Module& network) {
  std::vector<double> rates;
  for (const auto* block : tagger::detail::residual_modules(network)) rates.push_back(block->drop_path_rate());
  return rates;
}

std::string refusal(auto action) {
  try {
    action();
  } catch (const OptionError& error) {
    return error.what();
  }
  return "";
}

struct Plain : torch::nn::Module {
  FeatureMap forward(const at::Tensor& images) { return {images}; }
  static BackboneSpec spec() { return {.name = "plain", .features = 3}; }
};

}  // namespace

BOOST_AUTO_TEST_CASE(rates_are_those_of_timm) {
  const Json& file = golden("drop_path.json");
  for (const auto& [name, expected] : file.at("rates").items()) {
    BOOST_TEST_CONTEXT(name) {
      const AnyBackbone backbone{name, {.drop_path = file.at("rate").get<double>()}};
      const auto rates = rates_of(backbone);
      BOOST_REQUIRE(rates.size() == expected.size());
      for (std::size_t i = 0; i < rates.size(); ++i) {
        BOOST_TEST(std::abs(rates[i] - expected[i].get<double>()) < 1e-7, "block " << i << ": " << rates[i]);
      }
      BOOST_TEST(drop_path_of(backbone) == file.at("rate").get<double>());
    }
  }
}

BOOST_AUTO_TEST_CASE(a_backbone_has_the_rate_that_timm_gives_it_unless_told) {
  BOOST_TEST(drop_path_of(AnyBackbone{"resnet18"}) == 0);
  BOOST_TEST(drop_path_of(AnyBackbone{"vit_tiny_patch16_224"}) == 0);
  BOOST_TEST(drop_path_of(AnyBackbone{"swin_tiny_patch4_window7_224"}) == 0.1);
  BOOST_TEST(drop_path_of(AnyBackbone{"swin_tiny_patch4_window7_224", {.drop_path = 0.0}}) == 0);
  BOOST_TEST(drop_path_of(ViTTinyPatch16_224{{.drop_path = 0.2}}) == 0.2);
  BOOST_TEST(drop_path_of(SwinTinyPatch4Window7_224{{.drop_path = 0.2}}) == 0.2);
}

BOOST_AUTO_TEST_CASE(logits_in_training_are_those_of_timm) {
  const Json& file = golden("drop_path.json");
  for (const auto& [name, expected] : file.at("training").items()) {
    BOOST_TEST_CONTEXT(name) {
      const std::vector<std::int64_t> pictures = expected.at("pictures");
      auto model =
          any_tagger(name, generated::labels(7),
                     {.input_size = static_cast<int>(pictures[2]), .drop_path = file.at("rate").get<double>()});
      generated::fill(model, expected.at("gain").get<double>());
      model.to(at::kDouble);
      const at::Tensor images = generated::tensor("images", pictures).to(at::kDouble);
      const auto trained = [&] {
        at::manual_seed(file.at("seed").get<std::uint64_t>());
        return logits_of(model, images);
      };
      const at::Tensor evaluated = trained();
      model.train();
      model.head().eval();  // no dropout
      const at::Tensor found = trained();
      BOOST_TEST(difference(found, rows(expected.at("logits"))) < 1e-6);
      BOOST_TEST(difference(found, evaluated) > 1e-3);
    }
  }
}

BOOST_AUTO_TEST_CASE(evaluation_leaves_nothing_out) {
  for (const char* name : {"resnet18", "convnextv2_atto", "mobilenetv3_small_100", "tresnet_m", "vit_tiny_patch16_224",
                           "swin_tiny_patch4_window7_224"}) {
    BOOST_TEST_CONTEXT(name) {
      const at::Tensor images = generated::tensor("images", {2, 3, 64, 64});
      auto model = any_tagger(name, generated::labels(7), {.input_size = 64, .drop_path = 0.0});
      const at::Tensor without = logits_of(model, images);
      set_drop_path(model.backbone(), 0.9);
      BOOST_TEST(torch::equal(logits_of(model, images), without));
    }
  }
}

BOOST_AUTO_TEST_CASE(frozen_layers_leave_nothing_out) {
  for (const char* name : {"resnet18", "swin_tiny_patch4_window7_224"}) {
    BOOST_TEST_CONTEXT(name) {
      const auto made = std::make_shared<AnyBackbone>(name, BackboneOptions{.input_size = 64, .drop_path = 0.9});
      AnyBackbone& backbone = *made;
      std::vector<std::string> names;
      for (const auto& parameter : backbone.named_parameters()) names.push_back(parameter.key());
      const FrozenLayers frozen(backbone, layer_depths(names).count - 1);
      backbone.train();
      frozen.hold();
      const auto blocks = tagger::detail::residual_modules(backbone);
      for (const auto* block : blocks) BOOST_TEST(block->is_training() == (block == blocks.back()));
    }
  }
}

BOOST_AUTO_TEST_CASE(without_a_rate_nothing_is_drawn) {
  auto model = any_tagger("resnet18", generated::labels(7), {.drop_path = 0.0});
  model.backbone().train();
  at::manual_seed(1);
  const at::Tensor first = torch::rand({4});
  at::manual_seed(1);
  model.backbone().forward(generated::tensor("images", {2, 3, 32, 32}));
  BOOST_TEST(torch::equal(torch::rand({4}), first));
}

BOOST_AUTO_TEST_CASE(a_picture_keeps_all_of_a_block_or_nothing) {
  at::manual_seed(1);
  const at::Tensor branch = torch::ones({20000, 2, 3});
  BOOST_TEST(tagger::detail::drop_path(branch, 0.25, false).is_same(branch));
  BOOST_TEST(tagger::detail::drop_path(branch, 0, true).is_same(branch));
  const at::Tensor left = tagger::detail::drop_path(branch, 0.25, true);
  const at::Tensor kept = left.ne(0);
  BOOST_TEST(torch::equal(kept, kept.slice(1, 0, 1).slice(2, 0, 1).expand_as(kept)));
  BOOST_TEST(torch::allclose(left.masked_select(kept), torch::full({1}, 1 / 0.75)));
  BOOST_TEST(std::abs(kept.to(at::kFloat).mean().item<double>() - 0.75) < 4 * std::sqrt(0.25 * 0.75 / 20000));
  BOOST_TEST(std::abs(left.mean().item<double>() - 1) < 0.02);
}

BOOST_AUTO_TEST_CASE(a_block_adds_what_it_adds_divided_by_its_share) {
  at::manual_seed(2);
  tagger::detail::ConvNeXtBlock block{ConvNeXtTiny::shape, 8};
  block.gamma.data().fill_(1);
  block.most_dropped = 0.5;
  block.place = block.places = 1;
  const at::NoGradGuard no_gradient;
  const at::Tensor x = torch::randn({64, 8, 9, 9});
  block.eval();
  const at::Tensor added = block.forward(x) - x;
  block.train();
  const at::Tensor found = block.forward(x) - x;
  int left_out = 0;
  for (std::int64_t i = 0; i < x.size(0); ++i) {
    const bool none = found[i].eq(0).all().item<bool>();
    left_out += none ? 1 : 0;
    BOOST_TEST((none || torch::allclose(found[i], added[i] * 2, 1e-3, 1e-4)));
  }
  BOOST_TEST((left_out > 16 && left_out < 48), left_out);
}

BOOST_AUTO_TEST_CASE(nonsense_is_refused) {
  BOOST_TEST(refusal([] { AnyBackbone("resnet18", {.drop_path = 1}); }) ==
             "a drop-path rate must be at least 0 and below 1, not 1.000000");
  BOOST_TEST(refusal([] { AnyBackbone("vit_tiny_patch16_224", {.drop_path = -0.1}); }).starts_with("a drop-path rate"));
  BOOST_TEST(refusal([] { AnyBackbone("resnet18", {.drop_path = NAN}); }).starts_with("a drop-path rate"));
  BOOST_TEST(refusal([] { make_backbone<Plain>({.drop_path = 0.1}); }) ==
             "the backbone has no residual blocks, of which a drop-path rate could leave any out");
  BOOST_TEST(drop_path_of(Plain{}) == 0);
}

BOOST_AUTO_TEST_SUITE_END()
