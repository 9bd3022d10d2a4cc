#pragma once

#include <concepts>
#include <type_traits>

#include <ATen/core/Tensor.h>

namespace tagger {

/// What a convolutional backbone sees of each picture: (N, D, H, W).
struct FeatureMap {
  at::Tensor values;
};

/// One vector a picture: (N, D).
struct FeatureVector {
  at::Tensor values;
};

/// The kinds of features that a backbone may give and a head may take.
template <class T>
concept Features = std::same_as<T, FeatureMap> || std::same_as<T, FeatureVector>;

}  // namespace tagger
