#pragma once

#include <string_view>

#include <Eigen/Core>

#include <tagger/metrics/concept.hpp>
#include <tagger/metrics/counts.hpp>
#include <tagger/metrics/zero_division.hpp>

namespace tagger {

/// How much of what was predicted is right: tp / (tp + fp). Without predictions it is `zero_division`.
/// Models: Metric.
struct Precision {
  static constexpr std::string_view name = "precision";
  ZeroDivision zero_division = ZeroDivision::zero;

  Eigen::ArrayXd operator()(const Counts& counts) const {
    return detail::divide(counts.tp, counts.predicted(), zero_division);
  }
};
static_assert(Metric<Precision>);

}  // namespace tagger
