#pragma once

#include <concepts>
#include <cstdint>
#include <variant>

#include <ATen/core/Tensor.h>

#include <tagger/backbone/feature_kind.hpp>

namespace tagger {

/// What a convolutional backbone sees of each picture: (N, D, H, W).
struct FeatureMap {
  at::Tensor values;
  at::Tensor pooled{};  ///< (N, P), what the network's own classifier sees; undefined: the mean over the pixels, P = D
};

/// What a transformer sees of each picture: (N, T, D), of T tokens the first `prefix` for the whole picture (class
/// token, registers), the others for patches in rows.
struct TokenSequence {
  at::Tensor values;
  at::Tensor pooled;  ///< (N, P), what the network's own classifier sees
  std::int64_t prefix = 0;
};

/// One vector a picture: (N, P).
struct FeatureVector {
  at::Tensor values;
};

/// Features of a kind that is known at run time only.
using AnyFeatures = std::variant<FeatureMap, TokenSequence, FeatureVector>;

/// The kinds of features that a backbone may give and a head may take.
template <class T>
concept Features = std::same_as<T, FeatureMap> || std::same_as<T, TokenSequence> || std::same_as<T, FeatureVector> ||
                   std::same_as<T, AnyFeatures>;

template <Features F>
  requires(!std::same_as<F, AnyFeatures>)
inline constexpr FeatureKind feature_kind = std::same_as<F, FeatureMap>      ? FeatureKind::map
                                            : std::same_as<F, TokenSequence> ? FeatureKind::tokens
                                                                             : FeatureKind::vector;

/// What a head must know of the features that it will take.
struct FeatureShape {
  FeatureKind kind = FeatureKind::map;
  std::int64_t channels = 0;  ///< D, of each pixel or token; of the vector itself
  std::int64_t pooled = 0;    ///< P, of what the network's own classifier sees
};

/// (N, P), what the network's own classifier sees of the features.
inline at::Tensor pooled(const FeatureMap& features) {
  return features.pooled.defined() ? features.pooled : features.values.mean({2, 3});
}
inline at::Tensor pooled(const TokenSequence& features) { return features.pooled; }
inline at::Tensor pooled(const FeatureVector& features) { return features.values; }

/// (N, L, D), the L places of the picture in rows: pixels of the map, or tokens of patches.
inline at::Tensor places(const FeatureMap& features) { return features.values.flatten(2).transpose(1, 2); }
inline at::Tensor places(const TokenSequence& features) { return features.values.slice(1, features.prefix); }

}  // namespace tagger
