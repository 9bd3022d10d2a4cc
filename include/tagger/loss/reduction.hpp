#pragma once

#include <array>
#include <string_view>

#include <tagger/configurable.hpp>
#include <tagger/loss/targets.hpp>

namespace tagger {

/// How the costs of a batch's labels become one number.
enum class Reduction {
  sum,   ///< grows with the batch and with the labels
  mean,  ///< over the known labels
};
template <>
inline constexpr std::array<std::string_view, 2> enum_names<Reduction>{"sum", "mean"};

namespace detail {

/// (N, K): what each label costs, `yes` where it is one and `no` where it is none. A soft target costs the share of
/// both: y yes + (1 - y) no.
inline at::Tensor cost(const at::Tensor& yes, const at::Tensor& no, const Targets& targets) {
  return targets.values.mul(yes).add(targets.values.neg().add(1).mul(no));
}

/// `each`, (N, K), as one number; unknown labels have no part in it, nor in its gradient. 0 without a known label.
inline at::Tensor reduce(const at::Tensor& each, const Targets& targets, Reduction reduction) {
  if (!targets.known.defined()) return reduction == Reduction::sum ? each.sum() : each.mean();
  const at::Tensor sum = each.masked_fill(targets.known.eq(0), 0).sum();
  return reduction == Reduction::sum ? sum : sum.div(targets.known.sum().clamp_min(1));
}

inline at::Tensor mean_of_known(const at::Tensor& each, const Targets& targets) {
  return reduce(each, targets, Reduction::mean);
}

}  // namespace detail
}  // namespace tagger
