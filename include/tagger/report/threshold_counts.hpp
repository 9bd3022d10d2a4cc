#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <vector>

#include <Eigen/Core>

#include <tagger/data/label.hpp>

namespace tagger {

/// What labels come out right and wrong at each of T thresholds, which go evenly from 0 to 1: at threshold t a label
/// counts as predicted where its score >= t. This is TensorBoard's convention for its PR curves.
struct ThresholdCounts {
  std::vector<std::int64_t> tp, fp, tn, fn;  ///< (T) each

  std::size_t size() const { return tp.size(); }
};

/// Counts all entries together: a column of both for one label, all columns for all. Unknown targets and scores outside
/// [0, 1] are left out.
/// \param targets, scores  (N, K)
inline ThresholdCounts threshold_counts(const Eigen::Ref<const LabelMatrix, 0, Eigen::OuterStride<>>& targets,
                                        const Eigen::Ref<const ScoreMatrix, 0, Eigen::OuterStride<>>& scores,
                                        std::size_t thresholds = 127) {
  std::vector<std::int64_t> yes(thresholds), no(thresholds);  // by the largest threshold that the score reaches
  const auto last = static_cast<float>(thresholds - 1);
  for (Eigen::Index i = 0; i < targets.rows(); ++i) {
    for (Eigen::Index k = 0; k < targets.cols(); ++k) {
      const auto target = static_cast<Label>(targets(i, k));
      if (target == Label::unknown || !(scores(i, k) >= 0 && scores(i, k) <= 1)) continue;
      ++(target == Label::yes ? yes : no)[static_cast<std::size_t>(std::floor(scores(i, k) * last))];
    }
  }
  ThresholdCounts counts{.tp = yes, .fp = no, .tn = {}, .fn = {}};
  for (std::size_t t = thresholds - 1; t > 0; --t) {
    counts.tp[t - 1] += counts.tp[t];
    counts.fp[t - 1] += counts.fp[t];
  }
  for (std::size_t t = 0; t < thresholds; ++t) {
    counts.tn.push_back(counts.fp[0] - counts.fp[t]);
    counts.fn.push_back(counts.tp[0] - counts.tp[t]);
  }
  return counts;
}

}  // namespace tagger
