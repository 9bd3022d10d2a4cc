#pragma once

#include <string_view>

#include <ATen/ops/log_softmax.h>

#include <tagger/loss/concept.hpp>
#include <tagger/loss/log_sum_exp.hpp>

namespace tagger {

/// Cross-entropy between softmax(logits) and the set of a picture's labels, each with the same share: mean over the
/// pictures of -sum over k of (y_k / sum of y) log softmax(logits)_k. Unknown labels take no part in the softmax;
/// pictures without a label take no part in the mean. Where soft targets sum to less than 1, so do the shares. Mahajan
/// et al., "Exploring the limits of weakly supervised pretraining", ECCV 2018. The tutorial's counter-example: one
/// probability is shared by all labels, so that a threshold of 0.5 finds at most one. Models: Loss.
struct SoftmaxCrossEntropy {
  using Meaning = OneDistribution;
  static constexpr std::string_view name = "softmax_cross_entropy";

  at::Tensor operator()(const Logits& logits, const Targets& targets) const {
    at::Tensor values = logits.values.to(at::kFloat);
    // A large finite number, not infinity: 0 * -inf would be NaN where the target is 0.
    if (targets.known.defined()) values = values.masked_fill(targets.known.eq(0), detail::nothing);
    const at::Tensor count = targets.values.sum(1);
    const at::Tensor shares = targets.values.div(count.clamp_min(1).unsqueeze(1));
    const at::Tensor each = shares.mul(at::log_softmax(values, 1)).sum(1).neg();
    return each.sum().div(count.gt(0).sum().clamp_min(1));
  }
};

static_assert(Loss<SoftmaxCrossEntropy>);

}  // namespace tagger
