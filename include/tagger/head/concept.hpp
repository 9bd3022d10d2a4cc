#pragma once

#include <concepts>
#include <cstdint>
#include <string_view>

#include <torch/nn/module.h>

#include <tagger/backbone/features.hpp>
#include <tagger/head/logits.hpp>

namespace tagger {

/// A classifier: from a backbone's features to a logit a label.
///
/// | Expression               | Returns     | Semantics                                                           |
/// |--------------------------|-------------|---------------------------------------------------------------------|
/// | `H(features, labels, o)` |             | a head from D features to K labels; `o` is an `H::Options`           |
/// | `head.forward(f)`        | Logits      | (N, K) for a FeatureMap or a FeatureVector f, or for both            |
/// | `H::name`                | string view | the name in configuration files and on command lines                |
///
/// A head is a `torch::nn::Module`. Its parameters are saved under the backbone's classifier key (`fc.weight`, ...).
template <class H>
concept Head = std::derived_from<H, torch::nn::Module> && std::default_initializable<typename H::Options> &&
               std::constructible_from<H, std::int64_t, std::int64_t, typename H::Options> && requires {
                 { H::name } -> std::convertible_to<std::string_view>;
               };

/// Head H takes features of kind F.
template <class H, class F>
concept HeadFor = Head<H> && requires(H& head, const F& features) {
  { head.forward(features) } -> std::same_as<Logits>;
};

}  // namespace tagger
