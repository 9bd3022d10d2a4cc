#pragma once

#include <string_view>

#include <Eigen/Core>

#include <tagger/averaging/concept.hpp>
#include <tagger/averaging/mean.hpp>
#include <tagger/metrics/counts.hpp>
#include <tagger/metrics/slices.hpp>

namespace tagger {

/// Every label counts alike, however rare: the mean of the values of the labels.
/// Models: Averaging.
struct Macro {
  static constexpr std::string_view name = "macro";
  static constexpr Slices slices = Slices::labels;

  double average(const Eigen::ArrayXd& values, const Counts&) const { return nan_mean(values); }
};
static_assert(Averaging<Macro>);

}  // namespace tagger
