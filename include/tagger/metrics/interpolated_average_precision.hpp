#pragma once

#include <algorithm>
#include <cstdint>
#include <string_view>

#include <tagger/metrics/concept.hpp>
#include <tagger/metrics/ranking.hpp>
#include <tagger/metrics/without_positives.hpp>

namespace tagger {

/// The average precision with, at each recall, the largest precision at any recall that is no smaller: the area under
/// the curve's envelope, Pascal VOC's from 2010 on (Everingham et al., "The Pascal visual object classes challenge: a
/// retrospective", IJCV 2015). Never smaller than AveragePrecision.
/// Models: ScoreMetric.
struct InterpolatedAveragePrecision {
  static constexpr std::string_view name = "interpolated_average_precision";
  WithoutPositives without_positives = WithoutPositives::zero;

  double operator()(ScoredSlice slice) const {
    const auto [all_yes, all_no] = detail::totals(slice);
    if (all_yes == 0) return detail::average_precision_without_positives(without_positives);
    std::int64_t yes = all_yes, all = all_yes + all_no;
    double best = 0, sum = 0;
    for (auto tie = slice.rbegin(); tie != slice.rend(); ++tie) {
      best = std::max(best, static_cast<double>(yes) / static_cast<double>(all));
      sum += static_cast<double>(tie->yes) * best;
      yes -= tie->yes;
      all -= tie->yes + tie->no;
    }
    return sum / static_cast<double>(all_yes);
  }
};
static_assert(ScoreMetric<InterpolatedAveragePrecision>);

}  // namespace tagger
