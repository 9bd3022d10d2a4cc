#pragma once

#include <algorithm>
#include <cstdint>
#include <string_view>

#include <tagger/metrics/concept.hpp>
#include <tagger/metrics/ranking.hpp>
#include <tagger/metrics/without_positives.hpp>

namespace tagger {

/// The mean, over the recalls 0, 0.1, ... 1, of the largest precision at any recall that is no smaller: Pascal VOC's up
/// to 2009 (Everingham et al., "The Pascal visual object classes (VOC) challenge", IJCV 2010, section 4.2).
/// Models: ScoreMetric.
struct ElevenPointAveragePrecision {
  static constexpr std::string_view name = "eleven_point_average_precision";
  WithoutPositives without_positives = WithoutPositives::zero;

  double operator()(ScoredSlice slice) const {
    const auto [all_yes, all_no] = detail::totals(slice);
    if (all_yes == 0) return detail::average_precision_without_positives(without_positives);
    std::int64_t yes = all_yes, all = all_yes + all_no, tenth = 10;
    double best = 0, sum = 0;
    for (auto tie = slice.rbegin(); tie != slice.rend(); ++tie) {
      best = std::max(best, static_cast<double>(yes) / static_cast<double>(all));
      yes -= tie->yes;
      all -= tie->yes + tie->no;
      for (; tenth >= 0 && (tenth * all_yes > 10 * yes || all == 0); --tenth) sum += best;  // a recall above the next
    }
    return sum / 11;
  }
};
static_assert(ScoreMetric<ElevenPointAveragePrecision>);

}  // namespace tagger
