#pragma once

#include <string_view>

#include <ATen/ops/log_sigmoid.h>

#include <tagger/configurable.hpp>
#include <tagger/loss/concept.hpp>
#include <tagger/loss/focusing.hpp>
#include <tagger/loss/reduction.hpp>

namespace tagger {

/// Cross-entropy with the first term of its expansion in 1 - p weighed anew: mean over the known labels of
/// -(1 - p)^gamma log p + epsilon (1 - p)^(gamma + 1), p = sigmoid(logit) for a yes and 1 - sigmoid(logit) for a no,
/// (N, K). gamma 0 is on binary cross-entropy, above 0 on focal loss. Leng, Tan, Liu, Cubuk, Shi, Cheng and Anguelov,
/// "PolyLoss: a polynomial expansion perspective of classification loss functions", ICLR 2022; epsilon 2 is what they
/// take for classification, -1 with gamma 2 for detection. Models: Loss.
struct Poly1Loss {
  using Meaning = IndependentLabels;
  static constexpr std::string_view name = "poly1";

  double epsilon = 2;
  double gamma = 0;

  template <class Self>
  static void fields(Self& self, auto&& field) {
    field("epsilon", self.epsilon, "added weight of the first term", at_least(-1));
    field("gamma", self.gamma, "exponent that turns down easy labels", at_least(0));
  }

  at::Tensor operator()(const Logits& logits, const Targets& targets) const {
    const at::Tensor values = logits.values.to(at::kFloat);
    const auto cost = [this](const at::Tensor& towards) {
      const at::Tensor first_term = at::log_sigmoid(towards.neg()).mul(gamma + 1).exp();
      return first_term.mul(epsilon).sub(detail::focused_log_sigmoid(towards, gamma));
    };
    return detail::mean_of_known(detail::cost(cost(values), cost(values.neg()), targets), targets);
  }
};

static_assert(Loss<Poly1Loss>);

}  // namespace tagger
