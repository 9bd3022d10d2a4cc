#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <vector>

#include <tagger/metrics/ranking.hpp>

namespace tagger {

/// The entries whose scores lie in a part of [0, 1].
struct ReliabilityBin {
  std::int64_t count = 0;
  double mean_score = 0;  ///< NaN where it is empty
  double frequency = 0;   ///< the share of yes; NaN where it is empty
};

/// How often labels are there at which scores: well calibrated ones are there as often as the scores say. The `bins`
/// parts of [0, 1] are equally wide, without their lower and with their upper end, the first with both: those of Guo et
/// al., "On calibration of modern neural networks", ICML 2017, and of scikit-learn's calibration_curve.
/// \returns from 0 to 1; a bin each, empty ones too
inline std::vector<ReliabilityBin> reliability_curve(ScoredSlice slice, int bins = 15) {
  std::vector<ReliabilityBin> curve(static_cast<std::size_t>(bins));
  std::size_t bin = curve.size() - 1;
  for (const Tie& tie : slice) {
    const auto score = static_cast<double>(tie.score);
    while (bin > 0 && score <= static_cast<double>(bin) / bins) --bin;
    const std::int64_t count = tie.yes + tie.no;
    curve[bin].count += count;
    curve[bin].mean_score += static_cast<double>(count) * score;
    curve[bin].frequency += static_cast<double>(tie.yes);
  }
  for (auto& each : curve) {
    each.mean_score /= static_cast<double>(each.count);
    each.frequency /= static_cast<double>(each.count);
  }
  return curve;
}

}  // namespace tagger
