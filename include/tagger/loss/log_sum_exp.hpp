#pragma once

#include <ATen/ops/logsumexp.h>

#include <tagger/loss/targets.hpp>

namespace tagger::detail {

/// A number whose exponential is 0 beside that of any logit. Finite: infinity less infinity would be NaN.
inline constexpr double nothing = -1e30;

/// log of the sum of weights exp(values) along `dim`; `nothing`, and no gradient, where all weights are 0.
inline at::Tensor log_sum_exp(const at::Tensor& values, const at::Tensor& weights, std::int64_t dim) {
  const at::Tensor none = weights.eq(0);
  return at::logsumexp(values.add(weights.masked_fill(none, 1).log()).masked_fill(none, nothing), dim);
}

/// How much a label is a yes, and a no: y and 1 - y, and neither where it is unknown.
struct Sides {
  at::Tensor yes;
  at::Tensor no;

  explicit Sides(const Targets& targets) : yes(targets.values), no(targets.values.neg().add(1)) {
    if (!targets.known.defined()) return;
    yes = yes.mul(targets.known);
    no = no.mul(targets.known);
  }
};

/// Mean of `each`, (N), over the pictures with a known label; 0 without one.
inline at::Tensor mean_of_pictures(const at::Tensor& each, const Targets& targets) {
  if (!targets.known.defined()) return each.mean();
  const at::Tensor has_known = targets.known.sum(1).gt(0);
  return each.masked_fill(has_known.logical_not(), 0).sum().div(has_known.sum().clamp_min(1));
}

}  // namespace tagger::detail
