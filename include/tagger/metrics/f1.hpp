#pragma once

#include <string_view>

#include <Eigen/Core>

#include <tagger/metrics/concept.hpp>
#include <tagger/metrics/counts.hpp>
#include <tagger/metrics/zero_division.hpp>

namespace tagger {

/// The harmonic mean of precision and recall: 2 tp / (2 tp + fp + fn). With neither predictions nor positives it is
/// `zero_division`; a zero_division of one or NaN never enters through an undefined precision or recall.
/// Models: Metric.
struct F1 {
  static constexpr std::string_view name = "f1";
  ZeroDivision zero_division = ZeroDivision::zero;

  Eigen::ArrayXd operator()(const Counts& counts) const {
    return detail::divide(2 * counts.tp, counts.predicted() + counts.support(), zero_division);
  }
};
static_assert(Metric<F1>);

}  // namespace tagger
