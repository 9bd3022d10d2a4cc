#pragma once

#include <string>
#include <string_view>

#include <ATen/core/Reduction.h>
#include <ATen/ops/binary_cross_entropy_with_logits.h>

#include <tagger/error.hpp>
#include <tagger/loss/concept.hpp>

namespace tagger {

/// Mean over the known labels of -[w y log s + (1 - y) log(1 - s)], s = sigmoid(logit), y in {0, 1}; computed from
/// logits, so that no logarithm sees a rounded 0. w is `positive_weight`, (K) or a scalar; 1 where it is undefined.
/// Equals torch's BCEWithLogitsLoss, and BCELoss after a sigmoid. 0 for a batch without a known label.
/// \throws OptionError when `positive_weight` is neither a scalar nor (K)
/// Models: Loss.
struct BinaryCrossEntropy {
  using Meaning = IndependentLabels;
  static constexpr std::string_view name = "binary_cross_entropy";

  at::Tensor positive_weight{};

  at::Tensor operator()(const Logits& logits, const Targets& targets) const {
    const at::Tensor values = logits.values.to(at::kFloat);
    const at::Tensor weight = weight_for(values);
    if (!targets.known.defined()) {
      return at::binary_cross_entropy_with_logits(values, targets.values, {}, weight);
    }
    const at::Tensor sum =
        at::binary_cross_entropy_with_logits(values, targets.values, targets.known, weight, at::Reduction::Sum);
    return sum.div(targets.known.sum().clamp_min(1));
  }

 private:
  at::Tensor weight_for(const at::Tensor& values) const {
    if (!positive_weight.defined()) return {};
    const auto labels = values.size(1);
    if (positive_weight.dim() > 1 || (positive_weight.numel() != 1 && positive_weight.numel() != labels)) {
      throw OptionError("positive_weight has " + std::to_string(positive_weight.numel()) + " entries in " +
                        std::to_string(positive_weight.dim()) + " dimensions; give a scalar, or one for each of the " +
                        std::to_string(labels) + " labels");
    }
    return positive_weight.to(values.device());
  }
};

static_assert(Loss<BinaryCrossEntropy>);

}  // namespace tagger
