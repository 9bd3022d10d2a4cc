#pragma once

#include <cstdint>
#include <string_view>

#include <tagger/metrics/concept.hpp>
#include <tagger/metrics/ranking.hpp>
#include <tagger/metrics/without_positives.hpp>

namespace tagger {

/// The mean precision at the scores of the positives: sum over scores of (R_n - R_(n-1)) P_n, where P_n and R_n are
/// precision and recall of all that scores as high. Equal scores are one step, as in scikit-learn; a program that goes
/// through them one by one gives a number that depends on the order of the pictures. Averaged over labels it is mAP.
/// Models: ScoreMetric.
struct AveragePrecision {
  static constexpr std::string_view name = "average_precision";
  WithoutPositives without_positives = WithoutPositives::zero;

  double operator()(ScoredSlice slice) const {
    std::int64_t yes = 0, all = 0;
    double sum = 0;
    for (const Tie& tie : slice) {
      yes += tie.yes;
      all += tie.yes + tie.no;
      if (tie.yes > 0) sum += static_cast<double>(tie.yes) * (static_cast<double>(yes) / static_cast<double>(all));
    }
    if (yes == 0) return detail::average_precision_without_positives(without_positives);
    return sum / static_cast<double>(yes);
  }
};
static_assert(ScoreMetric<AveragePrecision>);

}  // namespace tagger
