#pragma once

#include <string_view>

#include <Eigen/Core>

#include <tagger/averaging/micro.hpp>
#include <tagger/metrics/concept.hpp>
#include <tagger/metrics/counts.hpp>
#include <tagger/metrics/zero_division.hpp>

namespace tagger {

/// What share of all labels of all pictures is predicted wrongly: (fp + fn) / (tp + fp + fn + tn). NaN where nothing is
/// known.
/// Models: Metric, AveragedMetric.
struct HammingLoss {
  using AveragedBy = Micro;
  static constexpr std::string_view name = "hamming_loss";

  Eigen::ArrayXd operator()(const Counts& counts) const {
    const CountArray wrong = counts.fp + counts.fn;
    return detail::divide(wrong, wrong + counts.tp + counts.tn, ZeroDivision::nan);
  }
};
static_assert(AveragedMetric<HammingLoss>);

}  // namespace tagger
