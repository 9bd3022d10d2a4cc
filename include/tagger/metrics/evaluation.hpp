#pragma once

#include <algorithm>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <tagger/error.hpp>

namespace tagger {

/// Between what a number lies with the confidence that was asked for.
struct Interval {
  double low = 0;
  double high = 0;

  bool operator==(const Interval&) const = default;
};

/// Numbers by name, in an order.
using NamedNumbers = std::vector<std::pair<std::string, double>>;
using NamedIntervals = std::vector<std::pair<std::string, Interval>>;

namespace detail {

/// What is called `name`; nothing where there is no such.
template <class T>
std::optional<T> find_named(const std::vector<std::pair<std::string, T>>& list, std::string_view name) {
  const auto found = std::find_if(list.begin(), list.end(), [&](const auto& each) { return each.first == name; });
  if (found == list.end()) return std::nullopt;
  return found->second;
}

}  // namespace detail

/// One label's row of an evaluation. What needs scores, or scores that are probabilities, is missing where there were
/// none; NaN is what is not defined, for example a ROC AUC without a "no".
struct LabelScore {
  std::string name;
  std::int64_t support = 0;  ///< pictures whose target is yes
  double precision = 0;
  double recall = 0;
  double f1 = 0;
  std::int64_t absent = 0;            ///< pictures whose target is no
  std::int64_t unknown = 0;           ///< pictures whose target is not known
  std::optional<double> threshold{};  ///< predicted where the score is above; none: another rule
  std::optional<double> average_precision{};
  std::optional<double> roc_auc{};
  std::optional<double> brier{};
  std::optional<double> expected_calibration_error{};
  NamedIntervals intervals{};  ///< of its numbers by their names here ("f1"); empty: none computed

  std::optional<Interval> interval(std::string_view number) const { return detail::find_named(intervals, number); }

  bool operator==(const LabelScore&) const = default;
};

/// The result of comparing scores with targets: named numbers ("micro/f1") in a fixed order, and a row a label.
struct Evaluation {
  std::int64_t samples = 0;
  double threshold = 0.5;  ///< of labels that have none of their own
  NamedNumbers metrics;
  std::vector<LabelScore> labels;
  NamedIntervals intervals{};                                      ///< of metrics, by their names; empty: none computed
  std::vector<std::pair<std::string, std::string>> definitions{};  ///< by which names metrics are defined as they are
  std::int64_t in_sample = 0;  ///< pictures among these that thresholds were chosen on: it says more than it should

  /// The metric called `name`, for example "macro/f1". \throws OptionError that lists the names there are
  double at(std::string_view name) const {
    if (const auto found = detail::find_named(metrics, name)) return *found;
    std::string message = "no metric \"" + std::string(name) + "\"; there are:";
    for (const auto& each : metrics) message += ' ' + each.first;
    throw OptionError(message);
  }
  bool has(std::string_view name) const { return detail::find_named(metrics, name).has_value(); }
  std::optional<Interval> interval(std::string_view metric) const { return detail::find_named(intervals, metric); }

  bool operator==(const Evaluation&) const = default;
};

}  // namespace tagger
