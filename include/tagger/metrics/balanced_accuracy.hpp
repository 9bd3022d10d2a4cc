#pragma once

#include <string_view>

#include <Eigen/Core>

#include <tagger/metrics/concept.hpp>
#include <tagger/metrics/counts.hpp>
#include <tagger/metrics/zero_division.hpp>

namespace tagger {

/// The mean of recall and specificity. Of a slice without positives it is the specificity, of one without negatives the
/// recall, as in scikit-learn; of an empty one NaN.
/// Models: Metric.
struct BalancedAccuracy {
  static constexpr std::string_view name = "balanced_accuracy";

  Eigen::ArrayXd operator()(const Counts& counts) const {
    const Eigen::ArrayXd recall = detail::divide(counts.tp, counts.support(), ZeroDivision::nan);
    const Eigen::ArrayXd specificity = detail::divide(counts.tn, counts.tn + counts.fp, ZeroDivision::nan);
    return recall.isNaN().select(specificity, specificity.isNaN().select(recall, (recall + specificity) / 2));
  }
};
static_assert(Metric<BalancedAccuracy>);

}  // namespace tagger
