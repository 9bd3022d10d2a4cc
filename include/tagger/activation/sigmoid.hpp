#pragma once

#include <string_view>

#include <ATen/ops/sigmoid.h>

#include <tagger/activation/concept.hpp>

namespace tagger {

/// 1 / (1 + exp(-logit)), each label on its own.
/// Models: Activation.
struct Sigmoid {
  using Meaning = IndependentLabels;
  static constexpr std::string_view name = "sigmoid";

  Scores operator()(const Logits& logits) const { return {at::sigmoid(logits.values.to(at::kFloat))}; }
};

static_assert(Activation<Sigmoid>);

}  // namespace tagger
