#pragma once

#include <ATen/core/Tensor.h>

#include <tagger/activation/meaning.hpp>

namespace tagger {

/// What an activation gives: (N, K) float32, higher for what is more likely. Not logits.
struct Scores {
  at::Tensor values;
};

}  // namespace tagger
