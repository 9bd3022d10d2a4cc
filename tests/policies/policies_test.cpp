// Heads, how a tagger's policies are replaced, and their run-time forms.
#define BOOST_TEST_MODULE model_policies
#include <cmath>
#include <memory>
#include <string>
#include <tuple>
#include <type_traits>
#include <vector>

#include <boost/test/unit_test.hpp>

#include <torch/types.h>
#include <torch/utils.h>

#include <tagger/averaging/per_label.hpp>
#include <tagger/averaging/weighted.hpp>
#include <tagger/model/any_tagger.hpp>

#include "weights/support.hpp"

using namespace tagger;
using weights_test::check_error;

BOOST_AUTO_TEST_CASE(linear_head_takes_maps_and_vectors) {
  torch::manual_seed(1);
  LinearHead head{8, 3};
  BOOST_TEST(head.weight.sizes() == (at::IntArrayRef{3, 8}));
  BOOST_TEST(head.bias.sizes() == at::IntArrayRef{3});
  BOOST_TEST(head.weight.abs().max().item<double>() < 1 / std::sqrt(8.0));
  head.eval();
  const at::Tensor map = torch::randn({2, 8, 4, 5});
  const at::Tensor mean = map.mean({2, 3});
  const at::Tensor expected = mean.matmul(head.weight.t()) + head.bias;
  BOOST_TEST(torch::allclose(head.forward(FeatureVector{mean}).values, expected, 1e-5, 1e-6));
  BOOST_TEST(torch::allclose(head.forward(FeatureMap{map}).values, expected, 1e-5, 1e-6));

  LinearHead dropping{1000, 1, {.dropout = 0.2}};
  torch::NoGradGuard no_gradient;
  dropping.weight.fill_(1);
  dropping.bias.zero_();
  const at::Tensor ones = torch::ones({1, 1000});
  const double kept = dropping.forward(FeatureVector{ones}).values.item<double>() * 0.8 / 1000;
  BOOST_TEST(kept != 1.0);  // in training: a fifth is dropped, the rest is scaled up
  BOOST_TEST(std::abs(kept - 0.8) < 0.06);
  dropping.eval();
  BOOST_TEST(dropping.forward(FeatureVector{ones}).values.item<double>() == 1000);
}

namespace {

using NusWide = Tagger<ResNeXt50_32x4d, LinearHead, Sigmoid, BinaryCrossEntropy, Micro, Macro, Samples>;
static_assert(std::is_same_v<Tagger<ResNet18>, Tagger<ResNet18, LinearHead, Sigmoid, BinaryCrossEntropy>>);
static_assert(std::is_same_v<Tagger<ResNet18>::AveragingTypes, std::tuple<Micro, Macro, Samples>>);
static_assert(std::is_same_v<NusWide::with<>, NusWide>);
static_assert(std::is_same_v<NusWide::with<ResNet18>,
                             Tagger<ResNet18, LinearHead, Sigmoid, BinaryCrossEntropy, Micro, Macro, Samples>>);
static_assert(std::is_same_v<NusWide::with<ResNet18>::with<ResNeXt50_32x4d>, NusWide>);
// Two axes at once, in any order: each alone would not fit the other.
using CounterExample = Tagger<ResNeXt50_32x4d, LinearHead, Softmax, SoftmaxCrossEntropy, Micro, Macro, Samples>;
static_assert(std::is_same_v<NusWide::with<Softmax, SoftmaxCrossEntropy>, CounterExample>);
static_assert(std::is_same_v<NusWide::with<SoftmaxCrossEntropy, Softmax>, CounterExample>);
// Averagings replace all averagings.
static_assert(std::is_same_v<NusWide::with<Weighted, PerLabel>::AveragingTypes, std::tuple<Weighted, PerLabel>>);
static_assert(std::is_same_v<NusWide::with<Weighted>::with<ResNet18>,
                             Tagger<ResNet18, LinearHead, Sigmoid, BinaryCrossEntropy, Weighted>>);
static_assert(
    std::is_same_v<NusWide::with<AnyBackbone, AnyActivation, AnyLoss, Micro, Macro, Weighted, Samples>, AnyTagger>);

static_assert(Compatible<Sigmoid, BinaryCrossEntropy> && Compatible<Softmax, SoftmaxCrossEntropy>);
static_assert(!Compatible<Softmax, BinaryCrossEntropy> && !Compatible<Sigmoid, SoftmaxCrossEntropy>);
static_assert(Compatible<AnyActivation, AnyLoss>);
static_assert(!Compatible<Sigmoid, AnyLoss>);  // it would be the wrong one half of the time

// Logits are not scores.
static_assert(!std::is_convertible_v<Scores, Logits> && !std::is_convertible_v<Logits, Scores>);
static_assert(!std::is_invocable_v<BinaryCrossEntropy, Scores, Targets>);
static_assert(!std::is_convertible_v<at::Tensor, Logits> && !std::is_convertible_v<at::Tensor, Scores>);

/// A backbone whose own training flag matters, with a parameter and a buffer at its top.
struct Noisy : torch::nn::Module {
  Noisy() : scale(register_parameter("scale", torch::ones({1}))), shift(register_buffer("shift", torch::zeros({1}))) {}
  static BackboneSpec spec() { return {.name = "noisy", .features = 3}; }
  FeatureMap forward(const at::Tensor& images) { return {images * scale + shift + (is_training() ? 1 : 0)}; }
  at::Tensor scale, shift;
};
using OwnBackbones = std::tuple<ResNet18, Noisy>;

AnyTagger any(AnyActivation activation, AnyLoss loss, std::vector<std::string> labels = {"sky"}) {
  return AnyTagger{std::move(labels),
                   {.backbone = std::make_shared<AnyBackbone>("noisy", std::type_identity<OwnBackbones>{}),
                    .activation = std::move(activation),
                    .loss = std::move(loss)}};
}

}  // namespace

BOOST_AUTO_TEST_CASE(unknown_names_are_answered_with_the_valid_ones) {
  check_error<OptionError>([] { AnyBackbone("resnext50"); },
                           {"unknown backbone \"resnext50\"; valid: resnet18, resnet34,", "tf_efficientnet_lite4",
                            "did you mean \"resnext50_32x4d\"?"});
  check_error<OptionError>([] { AnyBackbone("lite", std::type_identity<OwnBackbones>{}); },
                           {"unknown backbone \"lite\"; valid: resnet18, noisy"});
  check_error<OptionError>([] { AnyLoss::named("bce"); },
                           {"unknown loss \"bce\"; valid: binary_cross_entropy, softmax_cross_entropy"});
  check_error<OptionError>([] { AnyActivation::named("sigmoyd"); },
                           {"unknown activation \"sigmoyd\"; valid: sigmoid, softmax; did you mean \"sigmoid\"?"});
  check_error<OptionError>([] { AnyActivation::that_means({"the weather"}); }, {"the weather", "sigmoid, softmax"});
  for (const auto& name : backbone_names()) BOOST_TEST(!name.empty());
}

BOOST_AUTO_TEST_CASE(a_loss_picks_its_activation) {
  BOOST_TEST(AnyActivation::that_means(AnyLoss::named("binary_cross_entropy").meaning()).chosen() == "sigmoid");
  BOOST_TEST(AnyActivation::that_means(AnyLoss::named("softmax_cross_entropy").meaning()).chosen() == "softmax");
}

BOOST_AUTO_TEST_CASE(what_does_not_fit_at_run_time_says_why) {
  check_error<OptionError>(
      [] { any(Softmax{}, BinaryCrossEntropy{}); },
      {"the loss binary_cross_entropy does not fit the activation softmax", "a probability for each label on its own"});
  check_error<OptionError>([] { any(Sigmoid{}, SoftmaxCrossEntropy{}); },
                           {"the loss softmax_cross_entropy does not fit the activation sigmoid"});
  check_error<OptionError>([] { any(Sigmoid{}, BinaryCrossEntropy{}, {}); }, {"at least one label"});
  check_error<OptionError>(
      [] {
        AnyTagger{std::vector<std::string>{"sky"},
                  {.backbone = nullptr, .activation = Sigmoid{}, .loss = BinaryCrossEntropy{}}};
      },
      {"backbone is chosen at run time: give one"});
}

BOOST_AUTO_TEST_CASE(a_chosen_backbone_is_the_one_that_it_stands_for) {
  auto model = any(Sigmoid{}, BinaryCrossEntropy{});
  const at::Tensor images = torch::zeros({1, 3, 2, 2});
  const auto feature = [&] { return model.backbone().forward(images).values.mean().item<float>(); };
  BOOST_TEST(model.backbone().spec().name == "noisy");
  BOOST_TEST(feature() == 1);  // in training from the start, as every module
  model.eval();
  BOOST_TEST(feature() == 0);
  model.train();
  BOOST_TEST(feature() == 1);
  const auto parameters = model.backbone().named_parameters();
  BOOST_TEST(parameters.contains("scale"));
  model.backbone().named_buffers()["shift"].fill_(5);
  BOOST_TEST(feature() == 6);
}

BOOST_AUTO_TEST_CASE(a_frozen_backbone_stays_as_it_is) {
  auto model = any(Sigmoid{}, BinaryCrossEntropy{});
  model.freeze_backbone();
  model.train();
  BOOST_TEST(!model.backbone().is_training());
  BOOST_TEST(model.head().is_training());
  const at::Tensor images = torch::ones({2, 3, 2, 2});
  BOOST_TEST(model.backbone().forward(images).values.mean().item<float>() == 1);
  model.loss()(model.forward(images), Targets{torch::ones({2, 1})}).backward();
  BOOST_TEST(model.head().weight.grad().abs().sum().item<float>() > 0);
  BOOST_TEST(!model.backbone().named_parameters()["scale"].grad().defined());
}

BOOST_AUTO_TEST_CASE(scores_are_the_activation_of_logits) {
  const at::Tensor images = torch::randn({2, 3, 4, 4});
  auto shared = any(Softmax{}, SoftmaxCrossEntropy{}, {"sky", "sea", "sun"});
  shared.eval();
  const at::Tensor scores = shared.scores(images).values;
  BOOST_TEST(torch::allclose(scores.sum(1), torch::ones({2})));
  BOOST_TEST(torch::allclose(scores, torch::softmax(shared.forward(images).values, 1)));
  BOOST_TEST(shared.label_count() == 3);
}
