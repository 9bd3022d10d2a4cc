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
template <class Numerator, class Denominator>
Eigen::ArrayXd divide(const Eigen::ArrayBase<Numerator>& numerator, const Eigen::ArrayBase<Denominator>& denominator,
                      ZeroDivision rule) {
  const Eigen::ArrayXd below = denominator.template cast<double>();
  return (below == 0).select(value(rule), numerator.template cast<double>() / below);
}

}  // namespace detail

}  // namespace tagger
