#pragma once

#include <optional>
#include <string>

#include <tagger/metrics/evaluation.hpp>

namespace tagger {

/// One number of two taggers on the same pictures.
struct MetricDifference {
  std::string name;  ///< "macro/f1"
  double first = 0;
  double second = 0;
  std::optional<Interval> interval{};  ///< of second - first
  std::optional<double> p_value{};     ///< of a paired test that there is no difference

  double difference() const { return second - first; }
};

}  // namespace tagger
