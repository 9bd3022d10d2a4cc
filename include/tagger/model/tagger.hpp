#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include <ATen/core/grad_mode.h>
#include <torch/nn/module.h>

#include <tagger/activation/sigmoid.hpp>
#include <tagger/averaging/macro.hpp>
#include <tagger/averaging/micro.hpp>
#include <tagger/averaging/samples.hpp>
#include <tagger/error.hpp>
#include <tagger/head/linear.hpp>
#include <tagger/loss/binary_cross_entropy.hpp>
#include <tagger/model/policies.hpp>

namespace tagger {

namespace detail {

template <class B>
std::shared_ptr<B> default_backbone() {
  if constexpr (std::default_initializable<B> || std::constructible_from<B, BackboneOptions>) {
    return make_backbone<B>();
  } else {
    return nullptr;
  }
}

}  // namespace detail

/// The values of a tagger's policies. All have defaults but a backbone that has none of its own.
template <Backbone B, Head H, Activation A, Loss L>
struct Policies {
  std::shared_ptr<B> backbone = detail::default_backbone<B>();
  typename H::Options head{};
  A activation{};
  L loss{};
};

/// A multi-label image tagger: pictures to a score for each of K labels. What a researcher calls the method is its
/// template parameters; each is constrained by the concept of its axis, and `with<P>` replaces the one that P models:
///
///     using NusWide = Tagger<ResNeXt50_32x4d, LinearHead, Sigmoid, BinaryCrossEntropy, Micro, Macro, Samples>;
///     using Smaller = NusWide::with<ResNet18>;
///     using CounterExample = NusWide::with<Softmax, SoftmaxCrossEntropy>;
///
/// A `torch::nn::Module` with two children, `backbone` and `head`.
template <Backbone B, Head H = LinearHead, Activation A = Sigmoid, Loss L = BinaryCrossEntropy, Averaging... Averagings>
class Tagger : public torch::nn::Module {
  static_assert(HeadFor<H, FeaturesOf<B>>, "this head cannot take what this backbone gives");
  static_assert(
      Compatible<A, L>,
      "the loss does not fit the activation: binary cross-entropy asks a yes-or-no question of each label and "
      "needs Sigmoid, while softmax makes the labels share one probability and needs SoftmaxCrossEntropy. "
      "Replace both: with<Softmax, SoftmaxCrossEntropy>");

 public:
  using BackboneType = B;
  using HeadType = H;
  using ActivationType = A;
  using LossType = L;
  /// What evaluation reports; micro, macro and samples unless said otherwise.
  using AveragingTypes =
      std::conditional_t<sizeof...(Averagings) == 0, std::tuple<Micro, Macro, Samples>, std::tuple<Averagings...>>;

  /// This tagger with one or more policies replaced. Averagings replace all averagings.
  template <class... P>
  using with = typename detail::With<B, H, A, L, std::tuple<Averagings...>, P...>::type;

  /// \param labels  the K names, in the order of logits and scores
  /// \throws OptionError without labels
  explicit Tagger(std::vector<std::string> labels, Policies<B, H, A, L> policies = {})
      : labels_(std::move(labels)),
        backbone_(std::move(policies.backbone)),
        activation_(std::move(policies.activation)),
        loss_(std::move(policies.loss)) {
    if (labels_.empty()) throw OptionError("a tagger needs at least one label");
    if (!backbone_) throw OptionError("this tagger's backbone is chosen at run time: give one to its constructor");
    if constexpr (requires { activation_.meaning() == loss_.meaning(); }) {
      if (!(activation_.meaning() == loss_.meaning())) {
        throw OptionError("the loss " + loss_.chosen() + " does not fit the activation " + activation_.chosen() +
                          ": it trains " + std::string(loss_.meaning().description) +
                          ", which the activation does not give");
      }
    }
    register_module("backbone", backbone_);
    head_ = register_module("head", std::make_shared<H>(feature_shape(*backbone_), label_count(), policies.head));
  }

  /// \param images  (N, 3, H, W), normalised as the backbone expects
  FeaturesOf<B> features(const at::Tensor& images) {
    const at::AutoGradMode gradient(at::GradMode::is_enabled() && !frozen_);
    return backbone_->forward(images);
  }

  /// \param images  (N, 3, H, W), normalised as the backbone expects
  Logits forward(const at::Tensor& images) { return head_->forward(features(images)); }

  /// \param input  images; or features of them of kind `kind`, as a Batch has them
  Logits forward(const at::Tensor& input, std::optional<FeatureKind> kind) {
    if (!kind) return forward(input);
    switch (*kind) {
      case FeatureKind::map:
        return classify(FeatureMap{input});
      case FeatureKind::tokens:
        return classify(TokenSequence{.values = input, .pooled = {}});
      default:
        return classify(FeatureVector{input});
    }
  }

  Scores scores(const at::Tensor& input, std::optional<FeatureKind> kind = std::nullopt) {
    return activation_(forward(input, kind));
  }

  /// The backbone stays as it is: no gradients, and batch normalisation by its stored statistics, in training too.
  void freeze_backbone() {
    frozen_ = true;
    for (auto& parameter : backbone_->parameters()) parameter.requires_grad_(false);
    backbone_->eval();
  }
  bool backbone_frozen() const { return frozen_; }

  void train(bool on = true) override {
    torch::nn::Module::train(on);
    if (frozen_) backbone_->eval();
  }

  const std::vector<std::string>& labels() const { return labels_; }
  std::int64_t label_count() const { return static_cast<std::int64_t>(labels_.size()); }
  const B& backbone() const { return *backbone_; }
  B& backbone() { return *backbone_; }
  const H& head() const { return *head_; }
  H& head() { return *head_; }
  const A& activation() const { return activation_; }
  const L& loss() const { return loss_; }
  L& loss() { return loss_; }

  /// What the scores mean, and which threshold that implies.
  MeaningAtRunTime meaning() const {
    if constexpr (requires { activation_.meaning(); }) {
      return activation_.meaning();
    } else {
      return MeaningAtRunTime::of<typename A::Meaning>();
    }
  }

 private:
  template <Features F>
  Logits classify(const F& features) {
    if constexpr (HeadFor<H, F>) {
      return head_->forward(features);
    } else if constexpr (HeadFor<H, AnyFeatures>) {
      return head_->forward(AnyFeatures{features});
    } else {
      throw OptionError("the head " + text_of(*head_) + " cannot take " + std::string(description(feature_kind<F>)));
    }
  }

  std::vector<std::string> labels_;
  std::shared_ptr<B> backbone_;
  std::shared_ptr<H> head_;
  A activation_;
  L loss_;
  bool frozen_ = false;
};

namespace detail {
template <class T>
inline constexpr bool is_tagger = false;
template <class... P>
inline constexpr bool is_tagger<Tagger<P...>> = true;
}  // namespace detail

/// Any Tagger, whatever its policies.
template <class T>
concept AnyTaggerType = detail::is_tagger<T>;

}  // namespace tagger
