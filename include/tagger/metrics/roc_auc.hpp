#pragma once

#include <cstdint>
#include <limits>
#include <string_view>

#include <tagger/metrics/concept.hpp>
#include <tagger/metrics/ranking.hpp>

namespace tagger {

/// The area under the curve of true against false positive rates, which is the share of pairs of a yes and a no in
/// which the yes scores higher; equal scores are half a pair. NaN without a yes or without a no. Models: ScoreMetric.
struct RocAuc {
  static constexpr std::string_view name = "roc_auc";

  double operator()(ScoredSlice slice) const {
    std::int64_t yes = 0, no = 0, half_pairs = 0;
    for (const Tie& tie : slice) {
      half_pairs += tie.no * (2 * yes + tie.yes);
      yes += tie.yes;
      no += tie.no;
    }
    if (yes == 0 || no == 0) return std::numeric_limits<double>::quiet_NaN();
    return static_cast<double>(half_pairs) / 2 / static_cast<double>(yes) / static_cast<double>(no);
  }
};
static_assert(ScoreMetric<RocAuc>);

}  // namespace tagger
