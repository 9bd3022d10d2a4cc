#pragma once

#include <cstdint>
#include <string_view>

#include <Eigen/Core>

#include <tagger/averaging/samples.hpp>
#include <tagger/metrics/concept.hpp>
#include <tagger/metrics/counts.hpp>
#include <tagger/metrics/zero_division.hpp>

namespace tagger {

/// The share of pictures of which every label is predicted rightly. A picture of which nothing is known has no part in
/// it. Models: Metric, AveragedMetric.
struct SubsetAccuracy {
  using AveragedBy = Samples;
  static constexpr std::string_view name = "subset_accuracy";

  Eigen::ArrayXd operator()(const Counts& counts) const {
    const CountArray right = counts.tp + counts.tn, wrong = counts.fp + counts.fn;
    return detail::divide((wrong == 0 && right > 0).cast<std::int64_t>(), (right + wrong > 0).cast<std::int64_t>(),
                          ZeroDivision::nan);
  }
};
static_assert(AveragedMetric<SubsetAccuracy>);

}  // namespace tagger
