#pragma once

#include <concepts>
#include <string_view>

#include <Eigen/Core>

#include <tagger/metrics/counts.hpp>
#include <tagger/metrics/slices.hpp>

namespace tagger {

/// What an averaging may give: one number, or a number a label.
template <class T>
concept AverageValue = std::same_as<T, double> || std::same_as<T, Eigen::ArrayXd>;

/// An averaging says of which slices a metric is computed, and makes one number of the values. It knows nothing of the
/// metric, so that one definition of F1 serves every averaging.
///
/// | Expression                  | Returns                         | Semantics                                       |
/// |-----------------------------|---------------------------------|-------------------------------------------------|
/// | `A::name`                   | convertible to std::string_view | the part of "macro/f1" before the stroke        |
/// | `A::slices`                 | Slices                          | what each value is computed of                  |
/// | `a.average(values, counts)` | double, or Eigen::ArrayXd       | of a metric's (S) values and the slices' counts |
/// |                             |                                 | one number, or (K), a number a label            |
///
/// Models: Micro, Macro, Weighted, Samples, PerLabel.
template <class A>
concept Averaging =
    std::default_initializable<A> && requires(const A& averaging, const Counts& counts, const Eigen::ArrayXd& values) {
      { A::name } -> std::convertible_to<std::string_view>;
      { A::slices } -> std::convertible_to<Slices>;
      { averaging.average(values, counts) } -> AverageValue;
    };

}  // namespace tagger
