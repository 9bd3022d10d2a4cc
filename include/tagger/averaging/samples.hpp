#pragma once

#include <string_view>

#include <Eigen/Core>

#include <tagger/averaging/concept.hpp>
#include <tagger/averaging/mean.hpp>
#include <tagger/metrics/counts.hpp>
#include <tagger/metrics/slices.hpp>

namespace tagger {

/// Every picture counts alike: the mean of the values of the pictures. A picture without labels and predictions has the
/// value `zero_division`, which is 0 unless one asks for another: it pulls the mean down.
/// Models: Averaging.
struct Samples {
  static constexpr std::string_view name = "samples";
  static constexpr Slices slices = Slices::pictures;

  double average(const Eigen::ArrayXd& values, const Counts&) const { return nan_mean(values); }
};
static_assert(Averaging<Samples>);

}  // namespace tagger
