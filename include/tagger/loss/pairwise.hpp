#pragma once

#include <string_view>

#include <ATen/ops/softplus.h>

#include <tagger/loss/concept.hpp>
#include <tagger/loss/log_sum_exp.hpp>

namespace tagger {

/// Log-sum-exp pairwise (LSEP): mean over the pictures of log(1 + sum over no v and yes u of exp(x_v - x_u)), x the
/// logits of known labels; a smooth count of the pairs in the wrong order. It factors into softplus(log sum over no of
/// exp(x_v) + log sum over yes of exp(-x_u)): all pairs at the cost of all labels, where the paper samples them. A soft
/// target weighs the exponentials, y of a yes and 1 - y of a no. Pictures without a known label take no part. Only the
/// order is trained: no logit tells yes from no. Li, Song and Luo, "Improving pairwise ranking for multi-label image
/// classification", CVPR 2017. Models: Loss.
struct PairwiseLoss {
  using Meaning = Ranking;
  static constexpr std::string_view name = "pairwise";

  at::Tensor operator()(const Logits& logits, const Targets& targets) const {
    const at::Tensor values = logits.values.to(at::kFloat);
    const detail::Sides sides(targets);
    const at::Tensor yes = detail::log_sum_exp(values.neg(), sides.yes, 1);
    const at::Tensor no = detail::log_sum_exp(values, sides.no, 1);
    return detail::mean_of_pictures(at::softplus(yes.add(no)), targets);
  }
};

static_assert(Loss<PairwiseLoss>);

}  // namespace tagger
