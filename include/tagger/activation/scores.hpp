#pragma once

#include <ATen/core/Tensor.h>

namespace tagger {

/// What an activation gives: (N, K), float32 in [0, 1]. Not logits.
struct Scores {
  at::Tensor values;
};

/// How the scores of a picture hang together. A loss and an activation fit when they mean the same.
struct IndependentLabels {  ///< each label is a yes-or-no question of its own
  static constexpr const char* description = "a probability for each label on its own";
};
struct OneDistribution {  ///< the labels share one probability: scores of a picture sum to 1
  static constexpr const char* description = "one probability distribution over all labels";
};

}  // namespace tagger
