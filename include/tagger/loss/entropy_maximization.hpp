#pragma once

#include <algorithm>
#include <cstdint>
#include <limits>
#include <string_view>
#include <tuple>

#include <ATen/ops/log_sigmoid.h>
#include <ATen/ops/sigmoid.h>
#include <ATen/ops/topk.h>
#include <ATen/ops/where.h>

#include <tagger/configurable.hpp>
#include <tagger/loss/concept.hpp>
#include <tagger/loss/label_counts.hpp>
#include <tagger/loss/picture_memory.hpp>
#include <tagger/loss/reduction.hpp>
#include <tagger/loss/unobserved.hpp>
#include <tagger/named_tensors.hpp>

namespace tagger {

/// Entropy maximization with asymmetric pseudo-labels, for pictures of which one label or few are listed: it says of an
/// unobserved label (Unobserved: the unknown ones, or where the training set has none, all that are not listed) that it
/// does not know, instead of no. Mean over all labels of -log s for a yes, -log(1 - s) for a no that somebody has seen,
/// and for an unobserved label -alpha H(s), H(s) = -s log s - (1 - s) log(1 - s), s = sigmoid(logit), (N, K).
/// After `warm_up_epochs`, each epoch gives some unobserved labels a pseudo-label for good: of each label's unobserved
/// pictures, the share negative_share / (epochs - warm_up_epochs) with the lowest scores. A pseudo-label is the score
/// t of that moment, and costs beta [-t log s - (1 - t) log(1 - s)]. Only lowest scores become pseudo-labels: of an
/// untrained tagger's guesses, most that say no are right and many that say yes are not.
/// Zhou, Chen, Wang, Chen and Heng, "Acknowledging the unknown for multi-label learning with single positive labels",
/// ECCV 2022; the defaults are those of main.py in the official code (github.com/Correr-Zhou/SPML-AckTheUnknown) for
/// COCO; it has for NUS-WIDE beta=0.2:warm_up_epochs=4, for VOC alpha=0.2:beta=0.02, for CUB
/// alpha=0.01:beta=0.4:warm_up_epochs=3, and trains for 10 epochs. Scores are those of the last epoch's steps, where it
/// scores the training set again at its end, and logarithms are exact, where it adds 1e-5 to what they are of.
/// negative_share 0 is EM alone.
/// The state is 8 bytes for each label of each picture. Without pictures, nothing is remembered.
/// \throws OptionError for targets between yes and no with pictures and a negative_share
/// Models: Loss.
struct EntropyMaximization {
  using Meaning = IndependentLabels;
  static constexpr std::string_view name = "entropy_maximization";

  double alpha = 0.1;
  double beta = 0.9;
  double negative_share = 0.9;
  std::int64_t warm_up_epochs = 5;
  Unobserved unobserved{};
  detail::PictureMemory scores{};         ///< the last of each label that can get a pseudo-label; infinity: none
  detail::PictureMemory pseudo_labels{};  ///< -1: none
  at::Tensor open_count{};                ///< (K), of how many pictures a label is unobserved
  at::Tensor labelled_epoch{};            ///< the last before which pseudo-labels were given: once for each epoch

  template <class Self>
  static void fields(Self& self, auto&& field) {
    field("alpha", self.alpha, "weight of the entropy of unobserved labels", at_least(0));
    field("beta", self.beta, "weight of pseudo-labels", at_least(0));
    field("negative_share", self.negative_share, "share of unobserved labels that are pseudo-labelled by the end",
          between(0, 1));
    field("warm_up_epochs", self.warm_up_epochs, "epochs before there are pseudo-labels", at_least(0));
  }

  void begin_training(const Annotations& train) {
    unobserved.begin_training(train);
    if (negative_share == 0) return;
    scores.reset(train, std::numeric_limits<float>::infinity(), at::kFloat);
    pseudo_labels.reset(train, -1, at::kFloat);
    const auto [yes, known] = count_labels(train);
    const double pictures = static_cast<double>(train.size());
    open_count = (unobserved.only_unknown ? known : yes).neg().add(pictures);
    labelled_epoch = at::full({1}, 0, at::kLong);
  }

  void begin_epoch(std::int64_t epoch, std::int64_t epochs) {
    if (!scores.values.defined() || epoch <= warm_up_epochs || epoch == labelled_epoch.item<std::int64_t>()) return;
    labelled_epoch.fill_(epoch);
    const auto rounds = static_cast<double>(std::max<std::int64_t>(epochs - warm_up_epochs, 1));
    for (std::int64_t label = 0; label < open_count.size(0); ++label) {
      const auto count = static_cast<std::int64_t>(negative_share * open_count[label].item<double>() / rounds);
      const at::Tensor column = scores.values.select(1, label);
      const auto [lowest, rows] = at::topk(column, count, 0, /*largest=*/false);
      const at::Tensor chosen = rows.masked_select(lowest.isfinite());
      pseudo_labels.values.select(1, label).index_copy_(0, chosen, column.index_select(0, chosen));
      column.index_fill_(0, chosen, std::numeric_limits<float>::infinity());
    }
  }

  NamedTensors state() const {
    if (!scores.values.defined()) return {};
    return {{"scores", scores.values}, {"pseudo_labels", pseudo_labels.values}, {"labelled_epoch", labelled_epoch}};
  }

  at::Tensor operator()(const Logits& logits, const Targets& targets) {
    const at::Tensor values = logits.values.to(at::kFloat);
    const at::Tensor score = at::sigmoid(values), open = unobserved(targets);
    const at::Tensor yes = at::log_sigmoid(values).neg(), no = at::log_sigmoid(values.neg()).neg();
    const auto between = [&](const at::Tensor& share) { return share.mul(yes).add(share.neg().add(1).mul(no)); };
    at::Tensor of_open = between(score).mul(-alpha);
    if (scores.knows(targets)) {
      const at::Tensor labels = pseudo_labels.read(targets, open);
      const at::Tensor has_label = labels.ge(0);
      of_open = at::where(has_label, between(labels).mul(beta), of_open);
      const at::Tensor fixed = open.logical_not().logical_or(has_label);
      scores.write(targets, score.masked_fill(fixed, std::numeric_limits<float>::infinity()), name);
    }
    return detail::cost(yes, at::where(open, of_open, no), targets).mean();
  }
};

static_assert(Loss<EntropyMaximization>);

}  // namespace tagger
