#pragma once

#include <ATen/ops/log_sigmoid.h>

namespace tagger::detail {

/// (1 - s)^gamma log s with s = sigmoid(logits): what a yes costs, less, the more likely it is. For a no, take -logits.
/// From logits, so that nothing is rounded to 0 or 1 before its logarithm or its slope is taken.
inline at::Tensor focused_log_sigmoid(const at::Tensor& logits, double gamma) {
  const at::Tensor log_score = at::log_sigmoid(logits);
  if (gamma == 0) return log_score;
  return at::log_sigmoid(logits.neg()).mul(gamma).exp().mul(log_score);
}

}  // namespace tagger::detail
