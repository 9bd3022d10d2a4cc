#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <limits>
#include <string_view>

#include <tagger/averaging/samples.hpp>
#include <tagger/metrics/concept.hpp>
#include <tagger/metrics/ranking.hpp>

namespace tagger {

/// Normalised discounted cumulative gain: the sum of 1 / log2(1 + rank) over the labels that a picture has, divided by
/// what the best order has. Labels of equal score share the mean discount of their ranks, as in scikit-learn. 0 of a
/// picture without labels, as there; NaN of one of which nothing is known. Järvelin and Kekäläinen, "Cumulated
/// gain-based evaluation of IR techniques", ACM Transactions on Information Systems 20, 2002. Models: ScoreMetric,
/// AveragedMetric.
struct Ndcg {
  using AveragedBy = Samples;
  static constexpr std::string_view name = "ndcg";

  double operator()(ScoredSlice slice) const {
    std::int64_t yes = 0, all = 0;
    double gain = 0;
    for (const Tie& tie : slice) {
      const std::int64_t after = all + tie.yes + tie.no;
      if (tie.yes > 0) {
        gain += static_cast<double>(tie.yes) * discounts(all, after) / static_cast<double>(after - all);
      }
      yes += tie.yes;
      all = after;
    }
    if (all == 0) return std::numeric_limits<double>::quiet_NaN();
    return yes == 0 ? 0 : gain / discounts(0, yes);
  }

 private:
  /// Those of the ranks from `first` + 1 to `last`.
  static double discounts(std::int64_t first, std::int64_t last) {
    double sum = 0;
    for (std::int64_t rank = first + 1; rank <= last; ++rank) sum += 1 / std::log2(static_cast<double>(rank + 1));
    return sum;
  }
};
static_assert(AveragedMetric<Ndcg>);

}  // namespace tagger
