#pragma once

#include <cstdint>
#include <limits>
#include <string_view>

#include <tagger/averaging/samples.hpp>
#include <tagger/metrics/concept.hpp>
#include <tagger/metrics/ranking.hpp>

namespace tagger {

/// How far down a picture's labels, best first, one must go to have all that it has; labels that score as the last of
/// them are gone through, too. 0 of a picture without labels, as in scikit-learn; NaN of one of which nothing is known.
/// Tsoumakas et al., "Mining multi-label data", Data Mining and Knowledge Discovery Handbook, 2010, whose number is
/// less by 1. Models: ScoreMetric, AveragedMetric.
struct CoverageError {
  using AveragedBy = Samples;
  static constexpr std::string_view name = "coverage_error";

  double operator()(ScoredSlice slice) const {
    std::int64_t all = 0, covered = 0;
    for (const Tie& tie : slice) {
      all += tie.yes + tie.no;
      if (tie.yes > 0) covered = all;
    }
    return all == 0 ? std::numeric_limits<double>::quiet_NaN() : static_cast<double>(covered);
  }
};
static_assert(AveragedMetric<CoverageError>);

}  // namespace tagger
