#pragma once

#include <string_view>

#include <ATen/ops/sigmoid.h>

#include <tagger/configurable.hpp>
#include <tagger/loss/concept.hpp>
#include <tagger/loss/focusing.hpp>
#include <tagger/loss/reduction.hpp>

namespace tagger {

/// For training sets that miss labels: a no that the network is sure to be a yes costs little again, in the shape of a
/// hill. Over the known labels, -(1 - m)^gamma log m for a yes, m = sigmoid(logit - margin), and (lambda - s) s^2 for a
/// no, s = sigmoid(logit), (N, K). Zhang, Cheng, Huang, Wen, Feng, Li and Guo, "Simple and robust loss design for
/// multi-label learning with missing labels", 2021; the defaults are the official code's. Models: Loss.
struct HillLoss {
  using Meaning = IndependentLabels;
  static constexpr std::string_view name = "hill";

  double lambda = 1.5;
  double margin = 1;
  double gamma = 2;
  Reduction reduction = Reduction::sum;

  template <class Self>
  static void fields(Self& self, auto&& field) {
    field("lambda", self.lambda, "2/3 of it is the score at which an absent label weighs most", at_least(1));
    field("margin", self.margin, "what is taken off the logits of labels that are there", at_least(0));
    field("gamma", self.gamma, "exponent that turns down easy labels that are there", at_least(0));
    field("reduction", self.reduction, "sum or mean over the known labels");
  }

  at::Tensor operator()(const Logits& logits, const Targets& targets) const {
    const at::Tensor values = logits.values.to(at::kFloat);
    const at::Tensor score = at::sigmoid(values);
    const at::Tensor yes = detail::focused_log_sigmoid(values.sub(margin), gamma).neg();
    const at::Tensor no = score.neg().add(lambda).mul(score.square());
    return detail::reduce(detail::cost(yes, no, targets), targets, reduction);
  }
};

static_assert(Loss<HillLoss>);

}  // namespace tagger
