#pragma once

#include <algorithm>

#include <Eigen/Core>

#include <tagger/metrics/concept.hpp>
#include <tagger/metrics/counts.hpp>

namespace tagger {

/// (S): the metric's value of each slice. Slices go a few thousand at a time, so that what the metric computes on the
/// way stays in the cache.
template <Metric M>
Eigen::ArrayXd metric_values(const M& metric, const Counts& counts) {
  constexpr Eigen::Index most = 2048;
  if (counts.size() <= most) return metric(counts);
  Eigen::ArrayXd values(counts.size());
  for (Eigen::Index begin = 0; begin < counts.size(); begin += most) {
    const Eigen::Index size = std::min(most, counts.size() - begin);
    values.segment(begin, size) = Eigen::ArrayXd(metric(counts.segment(begin, size)));
  }
  return values;
}

}  // namespace tagger
