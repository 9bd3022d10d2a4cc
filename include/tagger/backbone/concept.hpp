#pragma once

#include <concepts>
#include <type_traits>

#include <torch/nn/module.h>

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
/// A backbone is a `torch::nn::Module`; its parameters carry the keys that published weights use.
template <class B>
concept Backbone = std::derived_from<B, torch::nn::Module> && requires(B& backbone, const at::Tensor& images) {
  { backbone.forward(images) } -> Features;
  { backbone.spec() } -> std::convertible_to<BackboneSpec>;
};

/// The kind of features that backbone B gives.
template <Backbone B>
using FeaturesOf = decltype(std::declval<B&>().forward(std::declval<const at::Tensor&>()));

}  // namespace tagger
