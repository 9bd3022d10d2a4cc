#pragma once

#include <cstdint>
#include <limits>
#include <string_view>

#include <tagger/averaging/samples.hpp>
#include <tagger/metrics/concept.hpp>
#include <tagger/metrics/ranking.hpp>

namespace tagger {

/// The share of pairs of a label that a picture has and one that it has not, in which the first does not score higher;
/// equal scores are wrong. 0 of a picture that has none or all of the labels, as in scikit-learn; NaN of one of which
/// nothing is known. Tsoumakas et al., "Mining multi-label data", 2010.
/// Models: ScoreMetric, AveragedMetric.
struct RankingLoss {
  using AveragedBy = Samples;
  static constexpr std::string_view name = "ranking_loss";

  double operator()(ScoredSlice slice) const {
    std::int64_t yes = 0, no = 0, wrong = 0;
    for (const Tie& tie : slice) {
      no += tie.no;
      yes += tie.yes;
      wrong += tie.yes * no;
    }
    if (yes == 0 && no == 0) return std::numeric_limits<double>::quiet_NaN();
    return wrong == 0 ? 0 : static_cast<double>(wrong) / static_cast<double>(yes * no);
  }
};
static_assert(AveragedMetric<RankingLoss>);

}  // namespace tagger
