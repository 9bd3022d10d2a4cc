#pragma once

#include <ATen/core/Tensor.h>

namespace tagger {

/// What a loss compares logits with: (N, K) float32, 1 for yes and 0 for no; `known` is (N, K) float32, 1 where the
/// label is known and 0 where it is not (the value is 0 there). An undefined `known` says that every label is known.
struct Targets {
  at::Tensor values;
  at::Tensor known{};
};

}  // namespace tagger
