#pragma once

#include <cstdint>
#include <limits>
#include <string_view>

#include <tagger/averaging/micro.hpp>
#include <tagger/metrics/concept.hpp>
#include <tagger/metrics/ranking.hpp>

namespace tagger {

/// The mean squared distance of scores and targets over all labels of all pictures. NaN where nothing is known. Brier,
/// "Verification of forecasts expressed in terms of probability", Monthly Weather Review 78, 1950, whose number is
/// twice as large. Models: ScoreMetric, AveragedMetric.
struct Brier {
  using AveragedBy = Micro;
  static constexpr std::string_view name = "brier";
  static constexpr bool of_probabilities = true;

  double operator()(ScoredSlice slice) const {
    std::int64_t count = 0;
    double sum = 0;
    for (const Tie& tie : slice) {
      const auto score = static_cast<double>(tie.score);
      sum += static_cast<double>(tie.yes) * (1 - score) * (1 - score) + static_cast<double>(tie.no) * score * score;
      count += tie.yes + tie.no;
    }
    return sum / static_cast<double>(count);
  }
};
static_assert(AveragedMetric<Brier>);

}  // namespace tagger
