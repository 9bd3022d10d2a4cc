#pragma once

#include <ATen/core/Tensor.h>

namespace tagger {

/// What a loss compares logits with: (N, K) float32, 1 for yes and 0 for no (between them in a mixture of pictures);
/// `known` is (N, K) float32, 1 where the label is known and 0 where it is not (the value is 0 there). An undefined
/// `known` says that every label is known.
struct Targets {
  at::Tensor values;
  at::Tensor known{};
  at::Tensor pictures{};  ///< (N) int64, which pictures of the training set these are; undefined outside of training
};

}  // namespace tagger
