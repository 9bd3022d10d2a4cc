#pragma once

#include <string_view>

#include <ATen/ops/softplus.h>

#include <tagger/loss/concept.hpp>
#include <tagger/loss/log_sum_exp.hpp>

namespace tagger {

/// Zero-bounded log-sum-exp and pairwise rank: mean over the pictures of log(1 + sum over no of exp(x)) +
/// log(1 + sum over yes of exp(-x)), x the logits of known labels: each yes above each no, and 0 between them, which is
/// the threshold. Softmax cross-entropy for any number of labels. A soft target weighs the exponentials, y of a yes and
/// 1 - y of a no, as in the paper's soft ZLPR. Pictures without a known label take no part. Su, Zhu, Murtadha, Pan, Wen
/// and Liu, "ZLPR: a novel loss for multi-label classification", 2022. Models: Loss.
struct ZlprLoss {
  using Meaning = SignedMargins;
  static constexpr std::string_view name = "zlpr";

  at::Tensor operator()(const Logits& logits, const Targets& targets) const {
    const at::Tensor values = logits.values.to(at::kFloat);
    const detail::Sides sides(targets);
    const at::Tensor yes = at::softplus(detail::log_sum_exp(values.neg(), sides.yes, 1));
    const at::Tensor no = at::softplus(detail::log_sum_exp(values, sides.no, 1));
    return detail::mean_of_pictures(yes.add(no), targets);
  }
};

static_assert(Loss<ZlprLoss>);

}  // namespace tagger
