#pragma once

#include <cstdint>
#include <string_view>

#include <ATen/ops/sigmoid.h>
#include <ATen/ops/where.h>

#include <tagger/configurable.hpp>
#include <tagger/loss/concept.hpp>
#include <tagger/loss/focusing.hpp>
#include <tagger/loss/reduction.hpp>

namespace tagger {

/// Self-paced loss correction, for training sets that miss labels: after some epochs, a no that scores above tau is
/// taken for a yes. Over the known labels, -(1 - m)^gamma log m for a yes, m = sigmoid(logit - margin), and
/// -s^gamma log(1 - s) for a no, s = sigmoid(logit), (N, K); corrected, -(1 - s)^gamma log s. begin_epoch() says how
/// far the training is; without it nothing is corrected. Zhang, Cheng, Huang, Wen, Feng, Li and Guo, "Simple and robust
/// loss design for multi-label learning with missing labels", 2021; defaults, and no margin for what is corrected, as
/// in the official code. Models: Loss.
struct SplcLoss {
  using Meaning = IndependentLabels;
  static constexpr std::string_view name = "splc";

  double tau = 0.6;
  std::int64_t warm_up_epochs = 1;
  double margin = 1;
  double gamma = 2;
  Reduction reduction = Reduction::sum;
  std::int64_t epoch = 0;  ///< begin_epoch() counts

  template <class Self>
  static void fields(Self& self, auto&& field) {
    field("tau", self.tau, "an absent label that scores above this is taken for a missed one", between(0, 1));
    field("warm_up_epochs", self.warm_up_epochs, "epochs before any label is corrected", at_least(0));
    field("margin", self.margin, "what is taken off the logits of labels that are there", at_least(0));
    field("gamma", self.gamma, "exponent that turns down easy labels", at_least(0));
    field("reduction", self.reduction, "sum or mean over the known labels");
  }

  void begin_epoch(std::int64_t number, std::int64_t) { epoch = number; }

  at::Tensor operator()(const Logits& logits, const Targets& targets) const {
    const at::Tensor values = logits.values.to(at::kFloat);
    const at::Tensor yes = detail::focused_log_sigmoid(values.sub(margin), gamma).neg();
    at::Tensor no = detail::focused_log_sigmoid(values.neg(), gamma).neg();
    if (epoch > warm_up_epochs) {
      no = at::where(at::sigmoid(values).gt(tau), detail::focused_log_sigmoid(values, gamma).neg(), no);
    }
    return detail::reduce(detail::cost(yes, no, targets), targets, reduction);
  }
};

static_assert(Loss<SplcLoss>);

}  // namespace tagger
