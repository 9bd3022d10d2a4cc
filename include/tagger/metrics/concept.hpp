#pragma once

#include <concepts>
#include <string_view>

#include <Eigen/Core>

#include <tagger/metrics/counts.hpp>

namespace tagger {

/// A metric turns counts into a value for each slice and knows nothing of averaging.
///
/// | Expression  | Returns                          | Semantics                                             |
/// |-------------|----------------------------------|-------------------------------------------------------|
/// | `M::name`   | convertible to std::string_view  | the part of "macro/f1" after the stroke               |
/// | `m(counts)` | convertible to Eigen::ArrayXd    | (S): a value a slice; NaN is left out of averages     |
///
/// Models: Precision, Recall, F1.
template <class M>
concept Metric = std::copy_constructible<M> && requires(const M& metric, const Counts& counts) {
  { M::name } -> std::convertible_to<std::string_view>;
  { metric(counts) } -> std::convertible_to<Eigen::ArrayXd>;
};

}  // namespace tagger
