#pragma once

#include <cstdint>
#include <limits>
#include <string_view>

#include <tagger/averaging/samples.hpp>
#include <tagger/metrics/concept.hpp>
#include <tagger/metrics/ranking.hpp>

namespace tagger {

/// Whether the label that scores highest is one that the picture has not; of several that score as high, the share that
/// it has not. 0 of a picture without labels, as the ranking loss; NaN of one of which nothing is known. Schapire and
/// Singer, "BoosTexter: a boosting-based system for text categorization", Machine Learning 39, 2000.
/// Models: ScoreMetric, AveragedMetric.
struct OneError {
  using AveragedBy = Samples;
  static constexpr std::string_view name = "one_error";

  double operator()(ScoredSlice slice) const {
    double error = std::numeric_limits<double>::quiet_NaN();
    std::int64_t yes = 0;
    for (const Tie& tie : slice) {
      if (!(error >= 0)) error = static_cast<double>(tie.no) / static_cast<double>(tie.yes + tie.no);
      yes += tie.yes;
    }
    return yes == 0 ? error * 0 : error;
  }
};
static_assert(AveragedMetric<OneError>);

}  // namespace tagger
