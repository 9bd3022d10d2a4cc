#pragma once

#include <cstdint>
#include <vector>

#include <tagger/metrics/ranking.hpp>

namespace tagger {

/// Precision and recall if everything from a score upwards is predicted.
struct PrecisionRecallPoint {
  float score = 0;
  double precision = 0;
  double recall = 0;  ///< NaN without positives
};

/// A point a score that occurs, the best first.
inline std::vector<PrecisionRecallPoint> precision_recall_curve(ScoredSlice slice) {
  std::vector<PrecisionRecallPoint> curve;
  std::int64_t yes = 0, all = 0;
  for (const Tie& tie : slice) {
    yes += tie.yes;
    all += tie.yes + tie.no;
    curve.push_back({tie.score, static_cast<double>(yes) / static_cast<double>(all), static_cast<double>(yes)});
  }
  for (auto& point : curve) point.recall /= static_cast<double>(yes);
  return curve;
}

}  // namespace tagger
