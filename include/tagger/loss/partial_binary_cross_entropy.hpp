#pragma once

#include <string_view>

#include <ATen/ops/log_sigmoid.h>

#include <tagger/configurable.hpp>
#include <tagger/loss/concept.hpp>
#include <tagger/loss/log_sum_exp.hpp>
#include <tagger/loss/reduction.hpp>

namespace tagger {

/// Binary cross-entropy for pictures of which few labels are known, which then count for more: mean over the pictures
/// of g(p) / K times the sum over the known labels of -[y log s + (1 - y) log(1 - s)], s = sigmoid(logit), p the share
/// of the K labels that is known, g(p) = alpha p^gamma + beta. Pictures without a known label take no part. Durand,
/// Mehrasa and Mori, "Learning a deep ConvNet for multi-label classification with partial labels", CVPR 2019; the
/// defaults are theirs: g(0.1) = 5, g(1) = 1. alpha 1, beta 0, gamma -1 is the mean over the known labels of each
/// picture. Models: Loss.
struct PartialBinaryCrossEntropy {
  using Meaning = IndependentLabels;
  static constexpr std::string_view name = "partial_binary_cross_entropy";

  double alpha = -4.45;
  double beta = 5.45;
  double gamma = 1;

  template <class Self>
  static void fields(Self& self, auto&& field) {
    field("alpha", self.alpha, "factor of p^gamma in a picture's weight, p its share of known labels");
    field("beta", self.beta, "what is added to that");
    field("gamma", self.gamma, "exponent of p");
  }

  at::Tensor operator()(const Logits& logits, const Targets& targets) const {
    const at::Tensor values = logits.values.to(at::kFloat);
    const at::Tensor each = detail::cost(at::log_sigmoid(values).neg(), at::log_sigmoid(values.neg()).neg(), targets);
    if (!targets.known.defined()) return each.mean().mul(alpha + beta);
    const auto labels = static_cast<double>(values.size(1));
    const at::Tensor share = targets.known.sum(1).clamp_min(1).div(labels);
    const at::Tensor weight = share.pow(gamma).mul(alpha).add(beta).div(labels);
    return detail::mean_of_pictures(each.masked_fill(targets.known.eq(0), 0).sum(1).mul(weight), targets);
  }
};

static_assert(Loss<PartialBinaryCrossEntropy>);

}  // namespace tagger
