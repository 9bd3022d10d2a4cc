#pragma once

#include <string_view>

#include <Eigen/Core>

#include <tagger/metrics/concept.hpp>
#include <tagger/metrics/counts.hpp>
#include <tagger/metrics/zero_division.hpp>

namespace tagger {

/// How much of what is not there was not predicted: tn / (tn + fp). Without negatives it is `zero_division`.
/// Models: Metric.
struct Specificity {
  static constexpr std::string_view name = "specificity";
  ZeroDivision zero_division = ZeroDivision::zero;

  Eigen::ArrayXd operator()(const Counts& counts) const {
    return detail::divide(counts.tn, counts.tn + counts.fp, zero_division);
  }
};
static_assert(Metric<Specificity>);

}  // namespace tagger
