#pragma once

#include <string>
#include <string_view>

#include <ATen/core/Reduction.h>
#include <ATen/ops/binary_cross_entropy_with_logits.h>

#include <tagger/configurable.hpp>
#include <tagger/error.hpp>
#include <tagger/loss/concept.hpp>
#include <tagger/loss/label_counts.hpp>

namespace tagger {

/// Mean over the known labels of -[w y log s + (1 - y) log(1 - s)], s = sigmoid(logit), y in [0, 1]; computed from
/// logits, so that no logarithm sees a rounded 0. Label smoothing e moves y to (1 - e) y + e / 2. w is
/// `positive_weight`, (K) or a scalar; 1 where it is undefined. With a `positive_weight_cap` above 0, begin_training()
/// sets it to min(no / yes, cap), of the training set's known labels; to the cap for a label that no picture has.
/// Equals torch's BCEWithLogitsLoss, and BCELoss after a sigmoid. 0 for a batch without a known label.
/// \throws OptionError when `positive_weight` is neither a scalar nor (K)
/// Models: Loss.
struct BinaryCrossEntropy {
  using Meaning = IndependentLabels;
  static constexpr std::string_view name = "binary_cross_entropy";

  at::Tensor positive_weight{};
  double positive_weight_cap = 0;
  double label_smoothing = 0;

  template <class Self>
  static void fields(Self& self, auto&& field) {
    field("positive_weight_cap", self.positive_weight_cap,
          "weigh each label's yes by no / yes in the training set, at most this; 0: do not", at_least(0));
    field("label_smoothing", self.label_smoothing, "how far targets move towards 0.5", between(0, 1));
  }

  void begin_training(const Annotations& train) {
    if (positive_weight_cap == 0) return;
    const auto [yes, known] = count_labels(train);
    positive_weight = known.sub(yes).div(yes.clamp_min(1)).clamp_max(positive_weight_cap);
    positive_weight.masked_fill_(yes.eq(0), positive_weight_cap);
  }

  at::Tensor operator()(const Logits& logits, const Targets& targets) const {
    const at::Tensor values = logits.values.to(at::kFloat);
    const at::Tensor weight = weight_for(values);
    const at::Tensor wanted =
        label_smoothing == 0 ? targets.values : targets.values.mul(1 - label_smoothing).add(label_smoothing / 2);
    if (!targets.known.defined()) return at::binary_cross_entropy_with_logits(values, wanted, {}, weight);
    const at::Tensor sum =
        at::binary_cross_entropy_with_logits(values, wanted, targets.known, weight, at::Reduction::Sum);
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
