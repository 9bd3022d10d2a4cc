#pragma once

#include <cmath>
#include <cstdint>
#include <limits>
#include <string_view>

#include <tagger/averaging/micro.hpp>
#include <tagger/metrics/concept.hpp>
#include <tagger/metrics/ranking.hpp>
#include <tagger/metrics/reliability_curve.hpp>

namespace tagger {

/// How far scores are from the frequencies with which labels are there: the mean over the entries of
/// |mean score - share of yes| of their bins, see reliability_curve(); of all labels and pictures together. NaN where
/// nothing is known. It shrinks with fewer bins and grows with fewer pictures: compare like with like. Naeini et al.,
/// "Obtaining well calibrated probabilities using Bayesian binning", AAAI 2015.
/// Models: ScoreMetric, AveragedMetric.
struct ExpectedCalibrationError {
  using AveragedBy = Micro;
  static constexpr std::string_view name = "expected_calibration_error";
  static constexpr bool of_probabilities = true;
  int bins = 15;

  double operator()(ScoredSlice slice) const {
    std::int64_t count = 0;
    double sum = 0;
    for (const auto& bin : reliability_curve(slice, bins)) {
      if (bin.count == 0) continue;
      sum += static_cast<double>(bin.count) * std::abs(bin.mean_score - bin.frequency);
      count += bin.count;
    }
    return sum / static_cast<double>(count);
  }
};
static_assert(AveragedMetric<ExpectedCalibrationError>);

}  // namespace tagger
