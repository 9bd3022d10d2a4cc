#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include <tagger/data/label.hpp>
#include <tagger/metrics/counts.hpp>

namespace tagger {

/// What Confusion counts by label, of pictures that count several times or not at all.
/// \param targets      (N, K)
/// \param predictions  (N, K): 1 predicted, 0 not
/// \param weights      (N)
/// \returns (K)
inline Counts weighted_counts(const LabelMatrix& targets, const LabelMatrix& predictions,
                              std::span<const std::uint32_t> weights) {
  constexpr Eigen::Index cells = 6;  // a target (unknown, no, yes) and a prediction (0, 1) each
  const Eigen::Index labels = targets.cols();
  std::vector<std::int64_t> count(static_cast<std::size_t>(cells * labels));
  for (Eigen::Index picture = 0; picture < targets.rows(); ++picture) {
    const auto weight = weights[static_cast<std::size_t>(picture)];
    if (weight == 0) continue;
    const std::int8_t* const target = targets.data() + picture * labels;
    const std::int8_t* const predicted = predictions.data() + picture * labels;
    for (Eigen::Index label = 0; label < labels; ++label) {
      count[static_cast<std::size_t>(cells * label + 2 * (target[label] + 1) + predicted[label])] += weight;
    }
  }
  Counts counts(labels);
  for (Eigen::Index label = 0; label < labels; ++label) {
    const std::int64_t* const cell = count.data() + cells * label;
    counts.tn[label] = cell[2];
    counts.fp[label] = cell[3];
    counts.fn[label] = cell[4];
    counts.tp[label] = cell[5];
  }
  return counts;
}

}  // namespace tagger
