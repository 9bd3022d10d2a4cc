#pragma once

#include <string_view>

#include <Eigen/Core>

#include <tagger/averaging/concept.hpp>
#include <tagger/metrics/counts.hpp>
#include <tagger/metrics/slices.hpp>

namespace tagger {

/// Every label of every picture counts alike: one slice, in which all counts are added up. Frequent labels weigh most.
/// Models: Averaging.
struct Micro {
  static constexpr std::string_view name = "micro";
  static constexpr Slices slices = Slices::everything;

  double average(const Eigen::ArrayXd& values, const Counts&) const { return values[0]; }
};
static_assert(Averaging<Micro>);

}  // namespace tagger
