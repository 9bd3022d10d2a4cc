#pragma once

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <limits>
#include <string>
#include <string_view>
#include <tuple>

#include <ATen/ops/topk.h>
#include <ATen/ops/where.h>
#include <ATen/ops/zeros_like.h>

#include <tagger/configurable.hpp>
#include <tagger/error.hpp>
#include <tagger/loss/asymmetric.hpp>
#include <tagger/loss/label_counts.hpp>
#include <tagger/loss/unobserved.hpp>

namespace tagger {

/// Asymmetric loss for partial annotations: over all labels, the sum of
///     -(1 - s)^gamma_positive log s for a yes, -q^gamma_negative log(1 - q) for a no that somebody has seen,
///     -q^gamma_unobserved log(1 - q) for an unobserved label that is taken for a no, and 0 for one that is not,
/// s = sigmoid(logit), q = max(s - clip, 0), (N, K), each times its alpha; no gradient goes through the powers.
/// Unobserved says which labels are: the unknown ones, or where the training set has none, all that are not listed.
/// Which of them are taken for a no: with `negative` all; with `ignore` none; with `selective` those that are unlikely,
/// but not the `likelihood_top` times N of the batch that score highest, nor labels whose prior is above
/// `prior_threshold`, 0 being none. `prior`, (K), is the share of all pictures that have a label: best the mean scores
/// of a tagger trained with `ignore`. Where it is undefined, begin_training() takes that of the pictures of which it is
/// known, and 0 for a label of which nobody has seen a no, which would be left without any. Ben-Baruch, Ridnik,
/// Friedman, Ben-Cohen, Zamir, Noy and Zelnik-Manor, "Multi-label classification with partial annotations using
/// class-aware selective loss", CVPR 2022; the defaults are the official code's, but for the mode.
/// \throws OptionError when `prior` is not (K)
/// Models: Loss.
struct SelectiveAsymmetricLoss {
  using Meaning = IndependentLabels;
  static constexpr std::string_view name = "selective_asymmetric";
  enum class Mode { ignore, negative, selective };

  Mode mode = Mode::selective;
  double gamma_positive = 0;
  double gamma_negative = 1;
  double gamma_unobserved = 2;
  double clip = 0;
  double alpha_positive = 1;
  double alpha_negative = 1;
  double alpha_unobserved = 1;
  double likelihood_top = 5;
  double prior_threshold = 0.05;
  at::Tensor prior{};
  at::Tensor counted_prior{};  ///< begin_training() sets it
  Unobserved unobserved{};

  template <class Self>
  static void fields(Self& self, auto&& field) {
    field("mode", self.mode, "unobserved labels: ignore them, take all for negative, or select");
    field("gamma_positive", self.gamma_positive, "exponent that turns down easy labels that are there", at_least(0));
    field("gamma_negative", self.gamma_negative, "exponent that turns down easy labels that are absent", at_least(0));
    field("gamma_unobserved", self.gamma_unobserved, "the same for unobserved labels", at_least(0));
    field("clip", self.clip, "scores of absent and unobserved labels below this cost nothing", between(0, 1));
    field("alpha_positive", self.alpha_positive, "weight of labels that are there", at_least(0));
    field("alpha_negative", self.alpha_negative, "weight of labels that are absent", at_least(0));
    field("alpha_unobserved", self.alpha_unobserved, "weight of unobserved labels", at_least(0));
    field("likelihood_top", self.likelihood_top, "the highest unobserved labels ignored, for each picture of a batch",
          at_least(0));
    field("prior_threshold", self.prior_threshold, "unobserved labels more frequent than this are ignored; 0: none",
          between(0, 1));
  }

  void begin_training(const Annotations& train) {
    unobserved.begin_training(train);
    const auto [yes, known] = count_labels(train);
    const at::Tensor seen_no = unobserved.only_unknown ? known.sub(yes) : at::zeros_like(yes);
    counted_prior = yes.div(known.clamp_min(1)).masked_fill(seen_no.eq(0), 0);
  }

  at::Tensor operator()(const Logits& logits, const Targets& targets) const {
    const at::Tensor values = logits.values.to(at::kFloat);
    const at::Tensor open = unobserved(targets);
    const at::Tensor yes = detail::asymmetric_yes(values, gamma_positive, false).mul(alpha_positive);
    const at::Tensor seen_no = detail::asymmetric_no(values, gamma_negative, clip, false).mul(alpha_negative);
    const at::Tensor open_no = detail::asymmetric_no(values, gamma_unobserved, clip, false).mul(alpha_unobserved);
    const at::Tensor no = at::where(open, open_no.masked_fill(ignored(values.detach(), open), 0), seen_no);
    return detail::cost(yes, no, targets).sum();
  }

 private:
  /// (N, K), or what broadcasts to it, bool: which labels are left out where they are unobserved
  at::Tensor ignored(const at::Tensor& values, const at::Tensor& open) const {
    if (mode == Mode::negative) return open.logical_not();
    if (mode == Mode::ignore) return open;
    at::Tensor out = open.logical_not();
    const auto pictures = static_cast<double>(values.size(0));
    const auto count = std::min<std::int64_t>(values.numel(), std::llround(likelihood_top * pictures));
    if (count > 0) {
      const at::Tensor candidates = values.masked_fill(out, -std::numeric_limits<float>::infinity());
      const at::Tensor highest = std::get<0>(at::topk(candidates.flatten(), count)).min();
      out = candidates.ge(highest);
    }
    const at::Tensor& share = prior.defined() ? prior : counted_prior;
    if (prior_threshold == 0 || !share.defined()) return out;
    if (share.dim() != 1 || share.size(0) != values.size(1)) {
      throw OptionError("prior has " + std::to_string(share.numel()) + " entries in " + std::to_string(share.dim()) +
                        " dimensions; give one for each of the " + std::to_string(values.size(1)) + " labels");
    }
    return out.logical_or(share.to(values.device()).gt(prior_threshold));
  }
};
template <>
inline constexpr std::array<std::string_view, 3> enum_names<SelectiveAsymmetricLoss::Mode>{"ignore", "negative",
                                                                                           "selective"};

static_assert(Loss<SelectiveAsymmetricLoss>);

}  // namespace tagger
