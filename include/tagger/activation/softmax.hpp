#pragma once

#include <string_view>

#include <ATen/ops/softmax.h>

#include <tagger/activation/concept.hpp>

namespace tagger {

/// exp(logit) / sum over labels of exp(logit): the scores of a picture sum to 1, so that many labels share what one
/// could have. The tutorial's counter-example.
/// Models: Activation.
struct Softmax {
  using Meaning = OneDistribution;
  static constexpr std::string_view name = "softmax";

  Scores operator()(const Logits& logits) const { return {at::softmax(logits.values.to(at::kFloat), 1)}; }
};

static_assert(Activation<Softmax>);

}  // namespace tagger
