#pragma once

#include <cstdint>
#include <limits>
#include <string_view>

#include <tagger/averaging/samples.hpp>
#include <tagger/metrics/concept.hpp>
#include <tagger/metrics/ranking.hpp>

namespace tagger {

/// The mean, over a picture's labels, of the share of its labels among all that score as high. 1 of a picture that has
/// none or all, as in scikit-learn, where every order is right; NaN of one of which nothing is known. Schapire and
/// Singer, "BoosTexter: a boosting-based system for text categorization", Machine Learning 39, 2000.
/// Models: ScoreMetric, AveragedMetric.
struct LabelRankingAveragePrecision {
  using AveragedBy = Samples;
  static constexpr std::string_view name = "label_ranking_average_precision";

  double operator()(ScoredSlice slice) const {
    std::int64_t yes = 0, all = 0;
    double sum = 0;
    for (const Tie& tie : slice) {
      yes += tie.yes;
      all += tie.yes + tie.no;
      sum += static_cast<double>(tie.yes) * (static_cast<double>(yes) / static_cast<double>(all));
    }
    if (all == 0) return std::numeric_limits<double>::quiet_NaN();
    return yes == 0 ? 1 : sum / static_cast<double>(yes);
  }
};
static_assert(AveragedMetric<LabelRankingAveragePrecision>);

}  // namespace tagger
