#pragma once

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <numeric>
#include <string>
#include <vector>

#include <tagger/data/label.hpp>
#include <tagger/metrics/evaluation.hpp>
#include <tagger/report/tensorboard.hpp>
#include <tagger/report/threshold_counts.hpp>

namespace tagger {
namespace detail {

/// The indices of the `most` labels with the largest support.
inline std::vector<std::size_t> frequent_labels(const std::vector<LabelScore>& labels, std::size_t most) {
  std::vector<std::size_t> order(labels.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
    return labels[a].support != labels[b].support ? labels[a].support > labels[b].support : a < b;
  });
  order.resize(std::min(order.size(), most));
  return order;
}

}  // namespace detail

/// Writes what the scores of a test set look like to TensorBoard: histograms `scores/yes` and `scores/no` of the scores
/// whose targets are so, and, of probabilities, the PR curves `precision_recall/all` of all labels together and
/// `precision_recall/<label>` of the 20 most frequent ones. It is 30 KB a test.
/// \param targets, scores  (N, K), of the labels of `evaluation`; scores that are not finite are left out
/// \throws FileError
inline void write_test_scores(TensorBoardWriter& writer, const std::vector<LabelScore>& labels,
                              const LabelMatrix& targets, const ScoreMatrix& scores, bool probabilities,
                              std::int64_t step, double wall_time = wall_time_now()) {
  constexpr std::size_t bins = 30, labels_shown = 20, thresholds_of_label = 51;
  double low = 0, high = 1;
  if (!probabilities) {
    low = std::numeric_limits<double>::infinity(), high = -low;
    for (const float score : scores.reshaped()) {
      if (std::isfinite(score)) low = std::min<double>(low, score), high = std::max<double>(high, score);
    }
    if (!(low < high)) return;
  }
  std::array<std::int64_t, bins> yes{}, no{};
  for (Eigen::Index i = 0; i < scores.size(); ++i) {
    const auto target = static_cast<Label>(targets.data()[i]);
    const double place = (scores.data()[i] - low) / (high - low) * static_cast<double>(bins);
    if (target == Label::unknown || !(place >= 0 && place <= bins)) continue;
    ++(target == Label::yes ? yes : no)[std::min(static_cast<std::size_t>(place), bins - 1)];
  }
  writer.histogram("scores/yes", low, high, yes, step, wall_time);
  writer.histogram("scores/no", low, high, no, step, wall_time);
  if (!probabilities) return;
  writer.pr_curve("precision_recall/all", threshold_counts(targets, scores), step, wall_time);
  for (const std::size_t k : detail::frequent_labels(labels, labels_shown)) {
    const auto column = static_cast<Eigen::Index>(k);
    writer.pr_curve("precision_recall/" + labels[k].name,
                    threshold_counts(targets.col(column), scores.col(column), thresholds_of_label), step, wall_time);
  }
}

}  // namespace tagger
