#pragma once

#include <algorithm>
#include <cstdint>
#include <string_view>

#include <ATen/ops/log_sigmoid.h>
#include <ATen/ops/where.h>

#include <tagger/loss/concept.hpp>
#include <tagger/loss/reduction.hpp>
#include <tagger/loss/unobserved.hpp>

namespace tagger {

/// Weak assume-negative, for pictures of which one label is listed out of many: mean over all labels of -log s for a
/// yes, -log(1 - s) for a no that somebody has seen, and -log(1 - s) / (K - 1) for an unobserved label (Unobserved: the
/// unknown ones, or where the training set has none, all that are not listed), s = sigmoid(logit), (N, K). So the one
/// yes weighs what the K - 1 others weigh together. Cole, Mac Aodha, Lorieul, Perona, Morris and Jojic, "Multi-label
/// learning from single positive labels", CVPR 2021. Models: Loss.
struct WeakNegativeLoss {
  using Meaning = IndependentLabels;
  static constexpr std::string_view name = "weak_negative";

  Unobserved unobserved{};

  void begin_training(const Annotations& train) { unobserved.begin_training(train); }

  at::Tensor operator()(const Logits& logits, const Targets& targets) const {
    const at::Tensor values = logits.values.to(at::kFloat);
    const auto others = static_cast<double>(std::max<std::int64_t>(values.size(1) - 1, 1));
    const at::Tensor yes = at::log_sigmoid(values).neg(), no = at::log_sigmoid(values.neg()).neg();
    return detail::cost(yes, at::where(unobserved(targets), no.div(others), no), targets).mean();
  }
};

static_assert(Loss<WeakNegativeLoss>);

}  // namespace tagger
