#pragma once

#include <string_view>

#include <ATen/ops/minimum.h>
#include <ATen/ops/sigmoid.h>

#include <tagger/configurable.hpp>
#include <tagger/error.hpp>
#include <tagger/loss/concept.hpp>
#include <tagger/loss/focusing.hpp>
#include <tagger/loss/label_counts.hpp>
#include <tagger/loss/reduction.hpp>

namespace tagger {

/// For long tails of rare labels: mean over the known labels of balance r times
///     -(1 - sigmoid(z))^gamma log sigmoid(z)              for a yes,
///     -sigmoid(c z)^gamma log(1 - sigmoid(c z)) / c       for a no,
/// z = logit - (bias / c) log(m_k / n_k - 1), c = negative_scale, (N, K); n_k pictures of the training set have label
/// k, and of m_k it is known whether they do: begin_training() counts. r = alpha + sigmoid(beta (q - mu)),
/// q = (1 / n_k) / (sum over the picture's labels i of 1 / n_i), weighs anew: a frequent label beside a rare one counts
/// for less, as its pictures come for both. In a picture without a label, r is alpha + 1. The bias and the scale make
/// no's tolerable: however many there are, they do not press a rare label down for ever. Wu, Huang, Liu, Wang and Lin,
/// "Distribution-balanced loss for multi-label classification in long-tailed datasets", ECCV 2020; the defaults are the
/// official code's for COCO. \throws Error before begin_training(). Models: Loss.
struct DistributionBalancedLoss {
  using Meaning = IndependentLabels;
  static constexpr std::string_view name = "distribution_balanced";

  double alpha = 0.1;
  double beta = 10;
  double mu = 0.2;
  double negative_scale = 2;
  double bias = 0.05;
  double gamma = 2;
  double balance = 2;
  LabelCounts counts{};  ///< of the training set; begin_training() sets them

  template <class Self>
  static void fields(Self& self, auto&& field) {
    field("alpha", self.alpha, "least weight of a label", at_least(0));
    field("beta", self.beta, "steepness of the weight", at_least(0));
    field("mu", self.mu, "share of the picture's rarity at which the weight rises");
    field("negative_scale", self.negative_scale, "factor of the logits of absent labels", above(0));
    field("bias", self.bias, "how much of its log odds in the training set is added to a label's logit", at_least(0));
    field("gamma", self.gamma, "exponent that turns down easy labels", at_least(0));
    field("balance", self.balance, "factor of the whole", above(0));
  }

  void begin_training(const Annotations& train) { counts = count_labels(train); }

  at::Tensor operator()(const Logits& logits, const Targets& targets) const {
    if (!counts.yes.defined()) {
      throw Error("distribution_balanced weighs by how often labels occur: call begin_training(annotations) first");
    }
    const at::Tensor values = logits.values.to(at::kFloat);
    const at::Tensor known = counts.known.clamp_min(2).to(values.device());
    const at::Tensor yes_count = at::minimum(counts.yes.to(values.device()).clamp_min(1), known.sub(1));
    const at::Tensor shifted = values.sub(known.div(yes_count).sub(1).log().mul(bias / negative_scale));
    const at::Tensor scaled = shifted.mul(-negative_scale);

    const at::Tensor yes = detail::focused_log_sigmoid(shifted, gamma).neg();
    const at::Tensor no = detail::focused_log_sigmoid(scaled, gamma).div(-negative_scale);
    const at::Tensor rarity = yes_count.reciprocal();
    const at::Tensor of_picture = targets.values.mul(rarity).sum(1, /*keepdim=*/true);
    const at::Tensor weight = at::sigmoid(rarity.div(of_picture.clamp_min(1e-30)).sub(mu).mul(beta)).add(alpha);
    return detail::mean_of_known(detail::cost(yes, no, targets).mul(weight).mul(balance), targets);
  }
};

static_assert(Loss<DistributionBalancedLoss>);

}  // namespace tagger
