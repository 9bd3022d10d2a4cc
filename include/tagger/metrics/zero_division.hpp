#pragma once

#include <limits>

#include <Eigen/Core>

#include <tagger/metrics/counts.hpp>

namespace tagger {

/// What a metric is where its denominator is zero: a precision without predictions, a recall without positives.
/// The names and meanings of scikit-learn's `zero_division`; an average leaves NaN out.
enum class ZeroDivision { zero, one, nan };

namespace detail {

/// The value that stands in for 0 / 0.
constexpr double value(ZeroDivision rule) {
  switch (rule) {
    case ZeroDivision::one:
      return 1;
    case ZeroDivision::nan:
      return std::numeric_limits<double>::quiet_NaN();
    case ZeroDivision::zero:
      break;
  }
  return 0;
}

/// (S) = (S) / (S), and `rule`'s value where the denominator is zero.
inline Eigen::ArrayXd divide(const CountArray& numerator, const CountArray& denominator, ZeroDivision rule) {
  return (denominator == 0).select(value(rule), numerator.cast<double>() / denominator.cast<double>());
}

}  // namespace detail

}  // namespace tagger
