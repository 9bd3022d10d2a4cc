#pragma once

#include <string_view>

#include <tagger/configurable.hpp>
#include <tagger/loss/concept.hpp>
#include <tagger/loss/focusing.hpp>
#include <tagger/loss/reduction.hpp>

namespace tagger {

/// Binary cross-entropy that turns down what is easy already: mean over the known labels of -a (1 - s)^gamma log s for
/// a yes and -(1 - a) s^gamma log(1 - s) for a no, s = sigmoid(logit), (N, K). alpha weighs yes against no; below 0,
/// neither is weighed. Lin, Goyal, Girshick, He and Dollar, "Focal loss for dense object detection", ICCV 2017; the
/// defaults are theirs. Equals torchvision's sigmoid_focal_loss for targets of 0 and 1. Models: Loss.
struct FocalLoss {
  using Meaning = IndependentLabels;
  static constexpr std::string_view name = "focal";

  double gamma = 2;
  double alpha = 0.25;

  template <class Self>
  static void fields(Self& self, auto&& field) {
    field("gamma", self.gamma, "exponent that turns down easy labels", at_least(0));
    field("alpha", self.alpha, "weight of yes, 1 less that of no; below 0: neither is weighed", between(-1, 1));
  }

  at::Tensor operator()(const Logits& logits, const Targets& targets) const {
    const at::Tensor values = logits.values.to(at::kFloat);
    const at::Tensor yes = detail::focused_log_sigmoid(values, gamma).mul(alpha < 0 ? -1 : -alpha);
    const at::Tensor no = detail::focused_log_sigmoid(values.neg(), gamma).mul(alpha < 0 ? -1 : alpha - 1);
    return detail::mean_of_known(detail::cost(yes, no, targets), targets);
  }
};

static_assert(Loss<FocalLoss>);

}  // namespace tagger
