#pragma once

#include <string_view>

#include <Eigen/Core>

#include <tagger/metrics/concept.hpp>
#include <tagger/metrics/counts.hpp>
#include <tagger/metrics/zero_division.hpp>

namespace tagger {

/// How much of what is there or predicted is both: tp / (tp + fp + fn), the intersection over the union. With neither
/// predictions nor positives it is `zero_division`.
/// Models: Metric.
struct Jaccard {
  static constexpr std::string_view name = "jaccard";
  ZeroDivision zero_division = ZeroDivision::zero;

  Eigen::ArrayXd operator()(const Counts& counts) const {
    return detail::divide(counts.tp, counts.tp + counts.fp + counts.fn, zero_division);
  }
};
static_assert(Metric<Jaccard>);

}  // namespace tagger
