#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <limits>
#include <string_view>

#include <tagger/averaging/micro.hpp>
#include <tagger/metrics/concept.hpp>
#include <tagger/metrics/ranking.hpp>

namespace tagger {

/// The mean of -log p over all labels of all pictures, where p is what the score gives to the target: binary
/// cross-entropy. Scores are kept 2^-23 away from 0 and 1, as scikit-learn keeps float32. NaN where nothing is known.
/// Models: ScoreMetric, AveragedMetric.
struct LogLoss {
  using AveragedBy = Micro;
  static constexpr std::string_view name = "log_loss";
  static constexpr bool of_probabilities = true;

  double operator()(ScoredSlice slice) const {
    constexpr double edge = std::numeric_limits<float>::epsilon();
    std::int64_t count = 0;
    double sum = 0;
    for (const Tie& tie : slice) {
      const double score = std::clamp<double>(static_cast<double>(tie.score), edge, 1 - edge);
      if (tie.yes > 0) sum -= static_cast<double>(tie.yes) * std::log(score);
      if (tie.no > 0) sum -= static_cast<double>(tie.no) * std::log(1 - score);
      count += tie.yes + tie.no;
    }
    return sum / static_cast<double>(count);
  }
};
static_assert(AveragedMetric<LogLoss>);

}  // namespace tagger
