#pragma once

#include <concepts>
#include <cstdint>
#include <string_view>

#include <torch/nn/module.h>

#include <tagger/backbone/features.hpp>
#include <tagger/head/logits.hpp>

namespace tagger {

/// Features of the places in a picture, pixels of a map or tokens of patches: what there is to attend to.
template <class F>
concept PlaceFeatures = requires(const F& features) { places(features); };

/// A classifier: from a backbone's features to a logit a label.
///
/// | Expression            | Returns     | Semantics                                                               |
/// |-----------------------|-------------|-------------------------------------------------------------------------|
/// | `H(shape, labels, o)` |             | a head from features of that FeatureShape to K labels; `o`: `H::Options`|
/// | `head.forward(f)`     | Logits      | (N, K), for f of each kind that the head can take: FeatureMap,          |
/// |                       |             | TokenSequence, FeatureVector                                            |
/// | `head.options`        | H::Options  | what it was made with                                                   |
/// | `H::name`             | string view | the name in configuration files and on command lines                    |
///
/// A head is a `torch::nn::Module`. Its parameters are saved under the backbone's classifier key (`fc.weight`, ...).
/// Its options may be Configurable, and it may have hooks (training_hooks.hpp) to see the training set.
template <class H>
concept Head = std::derived_from<H, torch::nn::Module> && std::default_initializable<typename H::Options> &&
               std::constructible_from<H, FeatureShape, std::int64_t, typename H::Options> && requires(const H& head) {
                 { head.options } -> std::convertible_to<typename H::Options>;
                 { H::name } -> std::convertible_to<std::string_view>;
               };

/// Head H takes features of kind F.
template <class H, class F>
concept HeadFor = Head<H> && requires(H& head, const F& features) {
  { head.forward(features) } -> std::same_as<Logits>;
};

/// Whether the head looks at places, so that what the network pools is not enough for it.
template <Head H>
bool needs_places(const H& head) {
  if constexpr (!HeadFor<H, FeatureVector>) {
    return true;
  } else if constexpr (requires { head.needs_places(); }) {
    return head.needs_places();
  } else {
    return false;
  }
}

}  // namespace tagger
