#pragma once

#include <limits>

#include <Eigen/Core>

namespace tagger {

/// The mean of `values`, NaN left out; NaN where nothing remains.
inline double nan_mean(const Eigen::ArrayXd& values) {
  const auto known = !values.isNaN();
  const auto count = known.count();
  if (count == 0) return std::numeric_limits<double>::quiet_NaN();
  return known.select(values, 0.0).sum() / static_cast<double>(count);
}

/// The mean of `values` weighted by `weights`, NaN left out. Where all the remaining weights are zero they count
/// alike, as in scikit-learn.
inline double nan_mean(const Eigen::ArrayXd& values, const Eigen::ArrayXd& weights) {
  const auto known = !values.isNaN();
  const double total = known.select(weights, 0.0).sum();
  if (total == 0) return nan_mean(values);
  return known.select(values * weights, 0.0).sum() / total;
}

}  // namespace tagger
