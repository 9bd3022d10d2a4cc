// The policies of a tagger: losses, activations, heads, how they are replaced, and their run-time forms.
#define BOOST_TEST_MODULE model_policies
#include <cmath>
#include <limits>
#include <string>
#include <tuple>
#include <type_traits>
#include <vector>

#include <boost/test/unit_test.hpp>

#include <torch/autograd.h>
#include <torch/nn/functional/loss.h>
#include <torch/types.h>
#include <torch/utils.h>

#include <tagger/averaging/per_label.hpp>
#include <tagger/averaging/weighted.hpp>
#include <tagger/model/any_tagger.hpp>

#include "weights/support.hpp"

using namespace tagger;
using weights_test::check_error;

namespace {

/// Pictures and labels of a small batch; every third label is unknown where `masked`.
struct Example {
  explicit Example(bool masked) {
    torch::manual_seed(20);
    logits = 3 * torch::randn({6, 5});
    targets.values = torch::rand({6, 5}).lt(0.4).to(at::kFloat);
    targets.values[2].zero_();  // a picture without labels
    if (masked) {
      targets.known = torch::arange(30).view({6, 5}).remainder(3).ne(0).to(at::kFloat);
      targets.values *= targets.known;
    }
  }
  at::Tensor logits;
  Targets targets;
};

double number(const at::Tensor& tensor) { return tensor.item<double>(); }

/// The definition of binary cross-entropy, entry by entry in float64.
double binary_cross_entropy(const at::Tensor& logits, const Targets& targets, const std::vector<double>& weights) {
  double sum = 0, known = 0;
  for (std::int64_t n = 0; n < logits.size(0); ++n) {
    for (std::int64_t k = 0; k < logits.size(1); ++k) {
      if (targets.known.defined() && targets.known[n][k].item<float>() == 0) continue;
      const double score = 1 / (1 + std::exp(-logits[n][k].item<double>()));
      const bool yes = targets.values[n][k].item<float>() == 1;
      sum -= yes ? weights[static_cast<std::size_t>(k)] * std::log(score) : std::log(1 - score);
      ++known;
    }
  }
  return sum / known;
}

/// The definition of softmax cross-entropy over the set of a picture's known labels.
double softmax_cross_entropy(const at::Tensor& logits, const Targets& targets) {
  double sum = 0, pictures = 0;
  for (std::int64_t n = 0; n < logits.size(0); ++n) {
    double total = 0, count = 0, of_labels = 0;
    for (std::int64_t k = 0; k < logits.size(1); ++k) {
      if (targets.known.defined() && targets.known[n][k].item<float>() == 0) continue;
      total += std::exp(logits[n][k].item<double>());
      if (targets.values[n][k].item<float>() != 1) continue;
      of_labels += logits[n][k].item<double>();
      ++count;
    }
    if (count == 0) continue;
    sum -= of_labels / count - std::log(total);
    ++pictures;
  }
  return sum / pictures;
}

template <Loss L>
at::Tensor gradient(const L& loss, const at::Tensor& logits, const Targets& targets) {
  const at::Tensor leaf = logits.detach().clone().requires_grad_();
  loss(Logits{leaf}, targets).backward();
  return leaf.grad();
}

/// What every loss must do, in its static and in its run-time form.
template <Loss L>
void check_loss(const L& loss, auto formula) {
  for (const bool masked : {false, true}) {
    BOOST_TEST_CONTEXT("masked: " << masked) {
      Example example{masked};
      const at::Tensor value = loss(Logits{example.logits}, example.targets);
      BOOST_TEST(value.dim() == 0);
      BOOST_TEST(value.scalar_type() == at::kFloat);
      BOOST_TEST(value.item<double>() == formula(example.logits, example.targets), boost::test_tools::tolerance(1e-6));

      const at::Tensor slope = gradient(loss, example.logits, example.targets);
      constexpr double h = 1e-4;
      const at::Tensor exact = example.logits.to(at::kDouble);
      for (std::int64_t n = 0; n < 6; ++n) {
        for (std::int64_t k = 0; k < 5; ++k) {
          at::Tensor up = exact.clone(), down = exact.clone();
          up[n][k] += h;
          down[n][k] -= h;
          const double numerical = (formula(up, example.targets) - formula(down, example.targets)) / (2 * h);
          BOOST_TEST(std::abs(slope[n][k].item<double>() - numerical) < 1e-6);
        }
      }

      // bfloat16 logits are computed with in float32, and get a gradient of their own type.
      const at::Tensor rounded = example.logits.to(at::kBFloat16);
      const at::Tensor of_rounded = loss(Logits{rounded}, example.targets);
      BOOST_TEST(of_rounded.scalar_type() == at::kFloat);
      BOOST_TEST(of_rounded.item<double>() == formula(rounded, example.targets), boost::test_tools::tolerance(1e-6));
      BOOST_TEST(gradient(loss, rounded, example.targets).scalar_type() == at::kBFloat16);
    }
  }

  Example unknown{true};
  const at::Tensor value = loss(Logits{unknown.logits}, unknown.targets);
  const at::Tensor absurd = at::where(unknown.targets.known.eq(0), torch::full({6, 5}, 77.f), unknown.logits);
  BOOST_TEST(number(loss(Logits{absurd}, unknown.targets)) == number(value));  // nobody looks there
  const at::Tensor there = gradient(loss, unknown.logits, unknown.targets) * unknown.targets.known.eq(0);
  BOOST_TEST(number(there.abs().max()) == 0);

  const Targets nothing{torch::zeros({6, 5}), torch::zeros({6, 5})};
  BOOST_TEST(number(loss(Logits{unknown.logits}, nothing)) == 0);
  BOOST_TEST(torch::equal(gradient(loss, unknown.logits, nothing), torch::zeros({6, 5})));

  const at::Tensor far = 1000 * torch::tensor({{1.f, -1.f, 1.f, -1.f, 1.f}, {-1.f, 1.f, -1.f, 1.f, -1.f}});
  const Targets both{torch::ones({2, 5})};
  BOOST_TEST(std::isfinite(number(loss(Logits{far}, both))));
  BOOST_TEST(number(torch::isfinite(gradient(loss, far, both)).all()) == 1);
}

}  // namespace

BOOST_AUTO_TEST_CASE(binary_cross_entropy_is_its_formula) {
  const auto formula = [](const at::Tensor& logits, const Targets& targets) {
    return binary_cross_entropy(logits, targets, std::vector<double>(5, 1));
  };
  check_loss(BinaryCrossEntropy{}, formula);
  check_loss(AnyLoss{BinaryCrossEntropy{}}, formula);
  check_loss(AnyLoss::named("binary_cross_entropy"), formula);
}

BOOST_AUTO_TEST_CASE(binary_cross_entropy_weighs_the_positive) {
  const std::vector<double> weights{1, 2, 0.5, 4, 10};
  const auto formula = [&](const at::Tensor& logits, const Targets& targets) {
    return binary_cross_entropy(logits, targets, weights);
  };
  check_loss(BinaryCrossEntropy{.positive_weight = torch::tensor(weights, at::kFloat)}, formula);
  const BinaryCrossEntropy scalar{.positive_weight = torch::tensor(3.f)};
  Example example{true};
  BOOST_TEST(scalar(Logits{example.logits}, example.targets).item<double>() ==
                 binary_cross_entropy(example.logits, example.targets, std::vector<double>(5, 3)),
             boost::test_tools::tolerance(1e-6));
}

// The tutorial computes BCELoss from scores: the same number.
BOOST_AUTO_TEST_CASE(binary_cross_entropy_is_the_tutorials) {
  Example example{false};
  const double ours = BinaryCrossEntropy{}(Logits{example.logits}, example.targets).item<double>();
  const at::Tensor scores = Sigmoid{}(Logits{example.logits}).values;
  const double tutorial = torch::nn::functional::binary_cross_entropy(scores, example.targets.values).item<double>();
  BOOST_TEST(std::abs(ours - tutorial) < 1e-6);
}

BOOST_AUTO_TEST_CASE(softmax_cross_entropy_is_its_formula) {
  check_loss(SoftmaxCrossEntropy{}, softmax_cross_entropy);
  check_loss(AnyLoss::named("softmax_cross_entropy"), softmax_cross_entropy);
}

BOOST_AUTO_TEST_CASE(activations_give_scores) {
  Example example{false};
  const at::Tensor exact = example.logits.to(at::kDouble);
  const auto check = [&](const auto& activation, const at::Tensor& expected) {
    const at::Tensor scores = activation(Logits{example.logits}).values;
    BOOST_TEST(scores.scalar_type() == at::kFloat);
    BOOST_TEST(number((scores.to(at::kDouble) - expected).abs().max()) < 1e-6);
    const at::Tensor far = activation(Logits{torch::tensor({{1000.f, -1000.f}}).to(at::kBFloat16)}).values;
    BOOST_TEST(far.scalar_type() == at::kFloat);
    BOOST_TEST(torch::equal(far, torch::tensor({{1.f, 0.f}})));
  };
  const at::Tensor sigmoid = 1 / (1 + (-exact).exp());
  check(Sigmoid{}, sigmoid);
  check(AnyActivation{Sigmoid{}}, sigmoid);
  check(AnyActivation::named("sigmoid"), sigmoid);
  const at::Tensor softmax = exact.exp() / exact.exp().sum(1, /*keepdim=*/true);
  check(Softmax{}, softmax);
  check(AnyActivation::named("softmax"), softmax);
}

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
