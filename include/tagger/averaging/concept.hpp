#pragma once

#include <concepts>
#include <string_view>

#include <Eigen/Core>

#include <tagger/metrics/confusion.hpp>
#include <tagger/metrics/counts.hpp>

namespace tagger {

/// What an averaging may give: one number, or a number a label.
template <class T>
concept AverageValue = std::same_as<T, double> || std::same_as<T, Eigen::ArrayXd>;

/// An averaging picks slices of the counts, lets any metric value them, and makes one number of the values. It knows
/// nothing of the metric, so that one definition of F1 serves every averaging.
///
/// | Expression                  | Returns                         | Semantics |
/// |-----------------------------|---------------------------------|---------------------------------------------------|
/// | `A::name`                   | convertible to std::string_view | the part of "macro/f1" before the stroke | |
/// `a.slices(confusion)`       | convertible to Counts           | (S): what each value is computed from             |
/// | `a.average(values, slices)` | double, or Eigen::ArrayXd       | of the metric's (S) values: one number, or (K), a
/// | |                             |                                 | number a label |
///
/// Models: Micro, Macro, Weighted, Samples, PerLabel.
template <class A>
concept Averaging = std::default_initializable<A> && requires(const A& averaging, const Confusion& confusion,
                                                              const Counts& slices, const Eigen::ArrayXd& values) {
  { A::name } -> std::convertible_to<std::string_view>;
  { averaging.slices(confusion) } -> std::convertible_to<Counts>;
  { averaging.average(values, slices) } -> AverageValue;
};

}  // namespace tagger
