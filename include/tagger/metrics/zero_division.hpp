#pragma once

#include <array>
#include <limits>
#include <string_view>

#include <Eigen/Core>

#include <tagger/configurable.hpp>
#include <tagger/metrics/counts.hpp>

namespace tagger {

/// What a metric is where its denominator is zero: a precision without predictions, a recall without positives.
/// The names and meanings of scikit-learn's `zero_division`; an average leaves NaN out.
enum class ZeroDivision { zero, one, nan };

template <>
inline constexpr std::array<std::string_view, 3> enum_names<ZeroDivision>{"zero", "one", "nan"};

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
inline Eigen::ArrayXd divide_real(const Eigen::ArrayXd& numerator, const Eigen::ArrayXd& denominator,
                                  ZeroDivision rule) {
  return (denominator == 0).select(value(rule), numerator / denominator);
}

/// The same of whole numbers.
inline Eigen::ArrayXd divide(const CountArray& numerator, const CountArray& denominator, ZeroDivision rule) {
  return divide_real(numerator.cast<double>(), denominator.cast<double>(), rule);
}

}  // namespace detail

}  // namespace tagger
