#pragma once

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <string_view>
#include <tuple>

#include <ATen/ops/log_sigmoid.h>
#include <ATen/ops/topk.h>
#include <ATen/ops/where.h>

#include <tagger/configurable.hpp>
#include <tagger/loss/concept.hpp>
#include <tagger/loss/picture_memory.hpp>
#include <tagger/loss/reduction.hpp>
#include <tagger/loss/unobserved.hpp>
#include <tagger/named_tensors.hpp>

namespace tagger {

/// Binary cross-entropy that takes unobserved labels for no's (Unobserved: the unknown ones, or where the training set
/// has none, all that are not listed), and doubts those that cost most: networks learn what is right first, and what is
/// a missed yes shows as a large loss. Of a batch's N K labels, the ceil(r N K) unobserved ones with the largest loss
/// -log(1 - s), s = sigmoid(logit), are, by `mode`,
///     reject               left out
///     correct              taken for a yes, at this step
///     correct_permanently  taken for a yes, from now on
/// r = (epoch - 1) delta / 100, and from the second epoch on delta / 100 for correct_permanently; none in the first.
/// The mean is over all N K labels. Kim, Kim, Akata and Lee, "Large loss matters in weakly supervised multi-label
/// classification", CVPR 2022: LL-R, LL-Ct and LL-Cp. Values and mode are as in their code
/// (github.com/snucml/LargeLossMatters, losses.py), which has no delta of its own: its README gives 0.1 to 0.5 to
/// choose from. It differs in LL-Cp, of which it asks by `is`, so that r grows there as in the others in a run from the
/// command line, and it does not remember the least of the losses that it corrects. What is corrected permanently is
/// remembered for each picture, and is the state. Outside of training, without pictures, it is binary cross-entropy,
/// the mean over known labels.
/// \throws OptionError for targets between yes and no with correct_permanently
/// Models: Loss.
struct LargeLoss {
  using Meaning = IndependentLabels;
  static constexpr std::string_view name = "large_loss";
  enum class Mode { reject, correct, correct_permanently };

  Mode mode = Mode::reject;
  double delta = 0.2;
  std::int64_t epoch = 1;  ///< begin_epoch() counts
  Unobserved unobserved{};
  detail::PictureMemory corrected{};

  template <class Self>
  static void fields(Self& self, auto&& field) {
    field("mode", self.mode, "what happens to large losses: reject, correct, correct_permanently");
    field("delta", self.delta, "per cent of the labels that are doubted; reject, correct: more in each epoch",
          between(0, 100));
  }

  void begin_training(const Annotations& train) {
    unobserved.begin_training(train);
    if (mode == Mode::correct_permanently) corrected.reset(train, 0, at::kBool);
  }
  void begin_epoch(std::int64_t number, std::int64_t) { epoch = number; }
  NamedTensors state() const {
    if (!corrected.values.defined()) return {};
    return {{"corrected", corrected.values}};
  }

  at::Tensor operator()(const Logits& logits, const Targets& targets) {
    const at::Tensor values = logits.values.to(at::kFloat);
    const at::Tensor yes = at::log_sigmoid(values).neg(), no = at::log_sigmoid(values.neg()).neg();
    if (!targets.pictures.defined()) return detail::mean_of_known(detail::cost(yes, no, targets), targets);

    at::Tensor open = unobserved(targets);
    at::Tensor taken_for_yes = open.logical_and(open.logical_not());
    if (corrected.knows(targets)) {
      taken_for_yes = open.logical_and(corrected.read(targets, open));
      open = open.logical_and(taken_for_yes.logical_not());
    }
    const at::Tensor doubted = largest(no.detach(), open);
    if (mode == Mode::reject) {
      return detail::cost(yes, no, targets).masked_fill(doubted, 0).mean();
    }
    taken_for_yes = taken_for_yes.logical_or(doubted);
    if (corrected.knows(targets)) corrected.write(targets, taken_for_yes, name);
    return detail::cost(yes, at::where(taken_for_yes, yes, no), targets).mean();
  }

 private:
  double rate() const {
    const auto steps = mode == Mode::correct_permanently ? std::min<std::int64_t>(epoch - 1, 1) : epoch - 1;
    return std::clamp(static_cast<double>(steps) * delta / 100, 0.0, 1.0);
  }

  /// (N, K), bool: the ceil(r N K) largest of `losses`, (N, K), among those that are `open`
  at::Tensor largest(const at::Tensor& losses, const at::Tensor& open) const {
    const auto count = static_cast<std::int64_t>(std::ceil(rate() * static_cast<double>(losses.numel())));
    if (count == 0) return open.logical_and(open.logical_not());
    const at::Tensor candidates = losses.masked_fill(open.logical_not(), -1);
    const at::Tensor least = std::get<0>(at::topk(candidates.flatten(), count)).min();
    return open.logical_and(candidates.ge(least));
  }
};
template <>
inline constexpr std::array<std::string_view, 3> enum_names<LargeLoss::Mode>{"reject", "correct",
                                                                             "correct_permanently"};

static_assert(Loss<LargeLoss>);

}  // namespace tagger
