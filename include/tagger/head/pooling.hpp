#pragma once

#include <array>
#include <string_view>

#include <ATen/core/Tensor.h>

#include <tagger/configurable.hpp>
#include <tagger/head/concept.hpp>

namespace tagger {

/// How one vector is made of the places of a picture.
enum class Pooling {
  network,  ///< as the network that the features are of does it for its own classifier
  average,
  max,
  gem  ///< generalized_mean()
};

template <>
inline constexpr std::array<std::string_view, 4> enum_names<Pooling>{"network", "average", "max", "gem"};

/// (mean over the places of max(x, 1e-6)^p)^(1/p): (N, L, D) to (N, D). The mean for p = 1, the maximum for p without
/// end. GeM of Radenovic, Tolias and Chum, "Fine-tuning CNN image retrieval with no human annotation", TPAMI 2018.
/// \param p  (1), learned
inline at::Tensor generalized_mean(const at::Tensor& places, const at::Tensor& p) {
  return places.to(p.scalar_type()).clamp_min(1e-6).pow(p).mean(1).pow(p.reciprocal());
}

/// (N, D) from features of places; `p` is looked at for Pooling::gem only.
template <PlaceFeatures F>
at::Tensor pool(const F& features, Pooling pooling, const at::Tensor& p = {}) {
  switch (pooling) {
    case Pooling::average:
      return places(features).mean(1);
    case Pooling::max:
      return places(features).amax(1);
    case Pooling::gem:
      return generalized_mean(places(features), p);
    default:
      return pooled(features);
  }
}

}  // namespace tagger
