#pragma once

#include <concepts>
#include <memory>
#include <utility>

#include <torch/nn/module.h>

#include <tagger/backbone/drop_path.hpp>
#include <tagger/backbone/features.hpp>
#include <tagger/backbone/spec.hpp>

namespace tagger {

/// A network from pictures to features, without a classifier.
///
/// | Expression            | Returns        | Semantics                                                              |
/// |-----------------------|----------------|------------------------------------------------------------------------|
/// | `backbone.forward(x)` | Features       | features of x: (N, 3, H, W), normalised with `spec().mean` and `.std`  |
/// | `backbone.spec()`     | BackboneSpec   | name, D, expected pictures, key layout                                 |
///
/// A backbone is a `torch::nn::Module`; its parameters carry the keys that published weights use. One that is made for
/// pictures of a certain size has a constructor from BackboneOptions. Stochastic depth takes blocks that are
/// ResidualModules, wherever in it they are.
template <class B>
concept Backbone = std::derived_from<B, torch::nn::Module> && requires(B& backbone, const at::Tensor& images) {
  { backbone.forward(images) } -> Features;
  { backbone.spec() } -> std::convertible_to<BackboneSpec>;
};

/// The kind of features that backbone B gives.
template <Backbone B>
using FeaturesOf = decltype(std::declval<B&>().forward(std::declval<const at::Tensor&>()));

/// A B for pictures of that size, where B has a size, with that drop-path rate. \throws OptionError when B cannot take
/// them
template <Backbone B>
std::shared_ptr<B> make_backbone(const BackboneOptions& options = {}) {
  std::shared_ptr<B> backbone;
  if constexpr (std::constructible_from<B, BackboneOptions>) {
    backbone = std::make_shared<B>(options);
  } else {
    backbone = std::make_shared<B>();
  }
  if (options.drop_path) set_drop_path(*backbone, *options.drop_path);
  return backbone;
}

/// Whether `backbone` is made for pictures of a certain size.
template <Backbone B>
bool is_sized(const B& backbone) {
  if constexpr (requires { backbone.sized(); }) {
    return backbone.sized();
  } else {
    return std::constructible_from<B, BackboneOptions>;
  }
}

/// What heads are told of the features of `backbone`.
template <Backbone B>
FeatureShape feature_shape(const B& backbone) {
  const BackboneSpec spec = backbone.spec();
  FeatureShape shape{.channels = spec.features,
                     .pooled = spec.pooled_features > 0 ? spec.pooled_features : spec.features};
  if constexpr (requires { backbone.kind(); }) {
    shape.kind = backbone.kind();
  } else {
    shape.kind = feature_kind<FeaturesOf<B>>;
  }
  return shape;
}

}  // namespace tagger
