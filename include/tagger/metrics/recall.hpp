#pragma once

#include <string_view>

#include <Eigen/Core>

#include <tagger/metrics/concept.hpp>
#include <tagger/metrics/counts.hpp>
#include <tagger/metrics/zero_division.hpp>

namespace tagger {

/// How much of what is there was predicted: tp / (tp + fn). Without positives it is `zero_division`.
/// Models: Metric.
struct Recall {
  static constexpr std::string_view name = "recall";
  ZeroDivision zero_division = ZeroDivision::zero;

  Eigen::ArrayXd operator()(const Counts& counts) const {
    return detail::divide(counts.tp, counts.support(), zero_division);
  }
};
static_assert(Metric<Recall>);

}  // namespace tagger
