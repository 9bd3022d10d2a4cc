#pragma once

#include <string_view>

#include <Eigen/Core>

#include <tagger/metrics/concept.hpp>
#include <tagger/metrics/counts.hpp>
#include <tagger/metrics/zero_division.hpp>

namespace tagger {

/// Precision and recall weighed: (1 + b^2) tp / ((1 + b^2) tp + b^2 fn + fp); recall counts `beta` times as much as
/// precision. With neither predictions nor positives it is `zero_division`, as in F1, which is beta = 1. Van
/// Rijsbergen, Information Retrieval, 1979, chapter 7. Models: Metric.
struct FBeta {
  static constexpr std::string_view name = "f_beta";
  double beta = 2;
  ZeroDivision zero_division = ZeroDivision::zero;

  Eigen::ArrayXd operator()(const Counts& counts) const {
    const double square = beta * beta;
    const Eigen::ArrayXd numerator = (1 + square) * counts.tp.cast<double>();
    return detail::divide_real(numerator, numerator + square * counts.fn.cast<double>() + counts.fp.cast<double>(),
                               zero_division);
  }
};
static_assert(Metric<FBeta>);

}  // namespace tagger
