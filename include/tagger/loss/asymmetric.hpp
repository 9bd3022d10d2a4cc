#pragma once

#include <string_view>

#include <ATen/ops/log_sigmoid.h>
#include <ATen/ops/pow.h>
#include <ATen/ops/sigmoid.h>

#include <tagger/configurable.hpp>
#include <tagger/loss/concept.hpp>
#include <tagger/loss/reduction.hpp>

namespace tagger {

namespace detail {

/// -w log(1 - q), w = q^gamma and q = max(sigmoid(logits) - clip, 0): what a no costs, less where it is easy, nothing
/// where it is very easy. Without `focusing_gradient`, w is a number to the gradient.
inline at::Tensor asymmetric_no(const at::Tensor& logits, double gamma, double clip, bool focusing_gradient) {
  // Not 0, whose power with an exponent below 1 has an infinite slope.
  const at::Tensor score = at::sigmoid(logits).sub(clip).clamp_min(1e-30);
  const at::Tensor cost =
      clip == 0 ? at::log_sigmoid(logits.neg()).neg() : at::sigmoid(logits.neg()).add(clip).clamp_max(1).log().neg();
  if (gamma == 0) return cost;
  return at::pow(focusing_gradient ? score : score.detach(), gamma).mul(cost);
}

/// -w log s, w = (1 - s)^gamma and s = sigmoid(logits): what a yes costs.
inline at::Tensor asymmetric_yes(const at::Tensor& logits, double gamma, bool focusing_gradient) {
  const at::Tensor cost = at::log_sigmoid(logits).neg();
  if (gamma == 0) return cost;
  return at::log_sigmoid((focusing_gradient ? logits : logits.detach()).neg()).mul(gamma).exp().mul(cost);
}

}  // namespace detail

/// Binary cross-entropy that turns down easy no's more than easy yes's, and drops the easiest: over the known labels,
/// -(1 - s)^gamma_positive log s for a yes and -q^gamma_negative log(1 - q) for a no, s = sigmoid(logit),
/// q = max(s - clip, 0), (N, K). Ridnik, Ben-Baruch, Zamir, Noy, Friedman, Protter and Zelnik-Manor, "Asymmetric loss
/// for multi-label classification", ICCV 2021. The defaults are the official code's, the sum among them; its training
/// script has gamma_positive 0. Through the powers goes a gradient, as in the paper's analysis, unless
/// `focusing_gradient` is false. No floor under the logarithms: far logits have a slope here.
/// Models: Loss.
struct AsymmetricLoss {
  using Meaning = IndependentLabels;
  static constexpr std::string_view name = "asymmetric";

  double gamma_negative = 4;
  double gamma_positive = 1;
  double clip = 0.05;
  bool focusing_gradient = true;
  Reduction reduction = Reduction::sum;

  template <class Self>
  static void fields(Self& self, auto&& field) {
    field("gamma_negative", self.gamma_negative, "exponent that turns down easy labels that are absent", at_least(0));
    field("gamma_positive", self.gamma_positive, "exponent that turns down easy labels that are there", at_least(0));
    field("clip", self.clip, "scores of absent labels below this cost nothing", between(0, 1));
    field("focusing_gradient", self.focusing_gradient, "let the gradient through the powers");
    field("reduction", self.reduction, "sum or mean over the known labels");
  }

  at::Tensor operator()(const Logits& logits, const Targets& targets) const {
    const at::Tensor values = logits.values.to(at::kFloat);
    const at::Tensor yes = detail::asymmetric_yes(values, gamma_positive, focusing_gradient);
    const at::Tensor no = detail::asymmetric_no(values, gamma_negative, clip, focusing_gradient);
    return detail::reduce(detail::cost(yes, no, targets), targets, reduction);
  }
};

static_assert(Loss<AsymmetricLoss>);

}  // namespace tagger
