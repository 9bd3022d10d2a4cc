#pragma once

#include <string_view>

#include <Eigen/Core>

#include <tagger/averaging/concept.hpp>
#include <tagger/metrics/counts.hpp>
#include <tagger/metrics/slices.hpp>

namespace tagger {

/// No average: the value of each label under a name of its own, "per_label/f1/sky".
/// Models: Averaging.
struct PerLabel {
  static constexpr std::string_view name = "per_label";
  static constexpr Slices slices = Slices::labels;

  Eigen::ArrayXd average(const Eigen::ArrayXd& values, const Counts&) const { return values; }
};
static_assert(Averaging<PerLabel>);

}  // namespace tagger
