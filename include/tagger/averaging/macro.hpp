#pragma once

#include <string_view>

#include <Eigen/Core>

#include <tagger/averaging/concept.hpp>
#include <tagger/averaging/mean.hpp>
#include <tagger/metrics/confusion.hpp>
#include <tagger/metrics/counts.hpp>

namespace tagger {

/// Every label counts alike, however rare: the mean of the values of the labels.
/// Models: Averaging.
struct Macro {
  static constexpr std::string_view name = "macro";

  Counts slices(const Confusion& confusion) const { return confusion.by_label(); }

  double average(const Eigen::ArrayXd& values, const Counts&) const { return nan_mean(values); }
};
static_assert(Averaging<Macro>);

}  // namespace tagger
