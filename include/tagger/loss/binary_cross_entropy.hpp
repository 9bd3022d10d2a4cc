#pragma once

#include <string_view>

#include <ATen/core/Reduction.h>
#include <ATen/ops/binary_cross_entropy_with_logits.h>

#include <tagger/loss/concept.hpp>

namespace tagger {

/// Mean over the known labels of -[w y log s + (1 - y) log(1 - s)], s = sigmoid(logit), y in {0, 1}; computed from
/// logits, so that no logarithm sees a rounded 0. w is `positive_weight`, (K) or a scalar; 1 where it is undefined.
/// Equals torch's BCEWithLogitsLoss, and BCELoss after a sigmoid. 0 for a batch without a known label.
/// Models: Loss.
struct BinaryCrossEntropy {
  using Meaning = IndependentLabels;
  static constexpr std::string_view name = "binary_cross_entropy";

  at::Tensor positive_weight{};

  at::Tensor operator()(const Logits& logits, const Targets& targets) const {
    const at::Tensor values = logits.values.to(at::kFloat);
    if (!targets.known.defined()) {
      return at::binary_cross_entropy_with_logits(values, targets.values, {}, positive_weight);
    }
    const at::Tensor sum = at::binary_cross_entropy_with_logits(values, targets.values, targets.known, positive_weight,
                                                                at::Reduction::Sum);
    return sum.div(targets.known.sum().clamp_min(1));
  }
};

static_assert(Loss<BinaryCrossEntropy>);

}  // namespace tagger
