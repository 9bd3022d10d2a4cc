// Heads, how a tagger's policies are replaced, and their run-time forms.
#include <cmath>
#include <memory>
#include <string>
#include <tuple>
#include <type_traits>
#include <vector>

#include <boost/test/unit_test.hpp>

#include <ATen/Context.h>
#include <ATen/core/grad_mode.h>
#include <torch/types.h>

#include <tagger/averaging/per_label.hpp>
#include <tagger/averaging/weighted.hpp>
#include <tagger/model/any_tagger.hpp>

#include "weights/support.hpp"

using namespace tagger;
using weights_test::check_error;

BOOST_AUTO_TEST_SUITE(model_policies)

BOOST_AUTO_TEST_CASE(linear_head_takes_maps_and_vectors) {
  at::manual_seed(1);
  LinearHead head{FeatureShape{.channels = 8, .pooled = 8}, 3};
  BOOST_TEST(head.weight.sizes() == (at::IntArrayRef{3, 8}));
  BOOST_TEST(head.bias.sizes() == at::IntArrayRef{3});
  BOOST_TEST(head.weight.abs().max().item<double>() < 1 / std::sqrt(8.0));
  head.eval();
  const at::Tensor map = torch::randn({2, 8, 4, 5});
  const at::Tensor mean = map.mean({2, 3});
  const at::Tensor expected = mean.matmul(head.weight.t()) + head.bias;
  BOOST_TEST(torch::allclose(head.forward(FeatureVector{mean}).values, expected, 1e-5, 1e-6));
  BOOST_TEST(torch::allclose(head.forward(FeatureMap{map}).values, expected, 1e-5, 1e-6));
  // A network that pools in its own way has the last word.
  BOOST_TEST(torch::allclose(head.forward(FeatureMap{torch::randn({2, 99, 4, 5}), mean}).values, expected, 1e-5, 1e-6));
  BOOST_TEST(
      torch::allclose(head.forward(TokenSequence{torch::randn({2, 9, 99}), mean, 1}).values, expected, 1e-5, 1e-6));

  LinearHead dropping{FeatureShape{.channels = 1000, .pooled = 1000}, 1, {.dropout = 0.2}};
  at::NoGradGuard no_gradient;
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
static_assert(std::is_same_v<
              NusWide::with<AnyBackbone, AnyHead, AnyActivation, AnyLoss, Micro, Macro, Weighted, Samples>, AnyTagger>);

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
  return AnyTagger{
      std::move(labels),
      {.backbone = std::make_shared<AnyBackbone>("noisy", BackboneOptions{}, std::type_identity<OwnBackbones>{}),
       .head = {},
       .activation = std::move(activation),
       .loss = std::move(loss)}};
}

}  // namespace

BOOST_AUTO_TEST_CASE(unknown_names_are_answered_with_the_valid_ones) {
  check_error<OptionError>([] { AnyBackbone("resnext50"); },
                           {"unknown backbone \"resnext50\"; valid: resnet18, resnet34,", "tf_efficientnet_lite4",
                            "did you mean \"resnext50_32x4d\"?"});
  check_error<OptionError>([] { AnyBackbone("lite", {}, std::type_identity<OwnBackbones>{}); },
                           {"unknown backbone \"lite\"; valid: resnet18, noisy"});
  check_error<OptionError>([] { AnyLoss::named("bce"); },
                           {"unknown loss \"bce\"; valid: binary_cross_entropy, focal, asymmetric, two_way"});
  check_error<OptionError>(
      [] { AnyActivation::named("sigmoyd"); },
      {"unknown activation \"sigmoyd\"; valid: sigmoid, softmax, margin, rank; did you mean \"sigmoid\"?"});
  check_error<OptionError>([] { AnyActivation::that_means({"the weather", 0.5}); },
                           {"no activation gives the weather"});
  for (const auto& name : policy_names<Backbones>()) BOOST_TEST(!name.empty());
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
                  {.backbone = nullptr, .head = {}, .activation = Sigmoid{}, .loss = BinaryCrossEntropy{}}};
      },
      {"backbone is chosen at run time: give one"});
}

BOOST_AUTO_TEST_CASE(a_chosen_backbone_is_the_one_that_it_stands_for) {
  auto model = any(Sigmoid{}, BinaryCrossEntropy{});
  const at::Tensor images = torch::zeros({1, 3, 2, 2});
  const auto feature = [&] {
    return std::get<FeatureMap>(model.backbone().forward(images)).values.mean().item<float>();
  };
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
  BOOST_TEST(std::get<FeatureMap>(model.backbone().forward(images)).values.mean().item<float>() == 1);
  model.loss()(model.forward(images), Targets{torch::ones({2, 1})}).backward();
  BOOST_TEST(model.head().named_parameters()["weight"].grad().abs().sum().item<float>() > 0);
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

namespace {

/// One vector a picture, of which no map can be made.
struct Mean : torch::nn::Module {
  static BackboneSpec spec() { return {.name = "mean", .features = 3}; }
  FeatureVector forward(const at::Tensor& images) { return {images.mean({2, 3})}; }
};

/// A head with a value of its own, a hook and a state, that needs a map.
struct BrightestHead : torch::nn::Module {
  static constexpr std::string_view name = "brightest";
  struct Options {
    double scale = 1;
    bool doubled = false;
    std::int64_t times = 1;
    std::string word{};
    template <class Self>
    static void fields(Self& self, auto&& field) {
      field("scale", self.scale, "of logits", above(0));
      field("doubled", self.doubled, "once more");
      field("times", self.times, "how often", between(1, 3));
      field("word", self.word, "what to say");
    }
  };
  BrightestHead(const FeatureShape&, std::int64_t labels, Options options)
      : seen(torch::zeros({1})), options(options), labels(labels) {
    register_parameter("weight", torch::full({1}, options.scale));
  }
  Logits forward(const FeatureMap& map) {
    return {map.values.amax({1, 2, 3}).unsqueeze(1).expand({-1, labels}) * parameters().front()};
  }
  void begin_training(const Annotations& train) { seen.fill_(train.size()); }
  NamedTensors state() { return {{"seen", seen}}; }

  at::Tensor seen;
  Options options;
  std::int64_t labels;
};
using OwnHeads = std::tuple<LinearHead, BrightestHead>;

}  // namespace

BOOST_AUTO_TEST_CASE(a_policy_is_written_with_its_values) {
  using Options = BrightestHead::Options;
  const auto text = [](const char* given) {
    Options options;
    configure(options, parse_policy(given));
    return policy_text("brightest", options);
  };
  BOOST_TEST(text("brightest") == "brightest");
  BOOST_TEST(text("brightest:scale=1:times=2") == "brightest:times=2");  // what is the default goes without saying
  BOOST_TEST(text("brightest:scale=0.1:doubled=true:word=a b") == "brightest:scale=0.1:doubled=true:word=a b");
  const auto refused = [&](const char* given, const char* message) {
    check_error<OptionError>([&] { text(given); }, {message});
  };
  refused("brightest:scale=0", "brightest:scale=0: must be above 0");
  refused("brightest:scale=1x", "brightest:scale=1x: is no number");
  refused("brightest:scale=nan", "brightest:scale=nan: is no number");
  refused("brightest:times=1.5", "brightest:times=1.5: is no whole number");
  refused("brightest:times=4", "brightest:times=4: must be between 1 and 3");
  refused("brightest:doubled=yes", "brightest:doubled=yes: is neither true nor false");
  refused("brightest:scales=1",
          "brightest: unknown field \"scales\"; valid: scale, doubled, times, word; did you mean");
  refused("brightest:scale", "\"scale\" after brightest is no FIELD=VALUE");
  refused("brightest:=1", "\"=1\" after brightest is no FIELD=VALUE");
  check_error<OptionError>([] { AnyActivation::named("sigmoid:slope=2"); },
                           {"sigmoid: unknown field \"slope\"; valid: none"});
}

BOOST_AUTO_TEST_CASE(a_chosen_head_is_the_one_that_it_stands_for) {
  const auto options = AnyHeadOptions::named<OwnHeads>("brightest:scale=3");
  AnyHead head{FeatureShape{.kind = FeatureKind::map, .channels = 3, .pooled = 3}, 2, options};
  const at::Tensor images = torch::ones({2, 3, 4, 4});
  BOOST_TEST(head.forward(FeatureMap{images}).values.sum().item<double>() == 12);
  BOOST_TEST(head.named_parameters().contains("weight"));
  BOOST_TEST(text_of(head) == "brightest:scale=3");
  head.begin_training(Annotations({"a"}, {{"1.png", {0}, {}}, {"2.png", {}, {}}}));
  BOOST_REQUIRE(head.state().size() == 1);
  BOOST_TEST(head.state().front().second.item<double>() == 2);

  check_error<OptionError>([] { AnyHeadOptions::named("ensemble"); }, {"unknown head \"ensemble\"; valid: linear"});
  const auto backbone =
      std::make_shared<AnyBackbone>("mean", BackboneOptions{}, std::type_identity<std::tuple<Mean>>{});
  check_error<OptionError>(
      [&] {
        AnyTagger{{"sky"},
                  {.backbone = backbone, .head = options, .activation = Sigmoid{}, .loss = BinaryCrossEntropy{}}};
      },
      {"the head brightest cannot take one vector a picture, which is what the backbone gives"});
}

BOOST_AUTO_TEST_SUITE_END()
