#pragma once

#include <ATen/core/Tensor.h>

namespace tagger {

/// What a head gives and a loss takes: (N, K), any real number, before the activation. Not scores.
struct Logits {
  at::Tensor values;
};

}  // namespace tagger
