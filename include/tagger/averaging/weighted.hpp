#pragma once

#include <string_view>

#include <Eigen/Core>

#include <tagger/averaging/concept.hpp>
#include <tagger/averaging/mean.hpp>
#include <tagger/metrics/counts.hpp>
#include <tagger/metrics/slices.hpp>

namespace tagger {

/// The mean of the values of the labels, each weighted by its support (the pictures whose target is yes). An F1 that is
/// averaged so need not lie between precision and recall.
/// Models: Averaging.
struct Weighted {
  static constexpr std::string_view name = "weighted";
  static constexpr Slices slices = Slices::labels;

  double average(const Eigen::ArrayXd& values, const Counts& labels) const {
    return nan_mean(values, labels.support().cast<double>());
  }
};
static_assert(Averaging<Weighted>);

}  // namespace tagger
