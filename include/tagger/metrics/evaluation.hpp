#pragma once

#include <algorithm>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <tagger/error.hpp>

namespace tagger {

/// One label's row of an evaluation. `support` counts the pictures whose target is yes.
struct LabelScore {
  std::string name;
  std::int64_t support = 0;
  double precision = 0;
  double recall = 0;
  double f1 = 0;

  bool operator==(const LabelScore&) const = default;
};

/// The result of comparing scores with targets: named numbers ("micro/f1") in a fixed order, and a row a label.
struct Evaluation {
  std::int64_t samples = 0;
  double threshold = 0.5;
  std::vector<std::pair<std::string, double>> metrics;
  std::vector<LabelScore> labels;

  /// The metric called `name`, for example "macro/f1". \throws OptionError that lists the names there are
  double at(std::string_view name) const {
    const auto found =
        std::find_if(metrics.begin(), metrics.end(), [&](const auto& each) { return each.first == name; });
    if (found != metrics.end()) return found->second;
    std::string message = "no metric \"" + std::string(name) + "\"; there are:";
    for (const auto& each : metrics) message += ' ' + each.first;
    throw OptionError(message);
  }
  bool has(std::string_view name) const {
    return std::any_of(metrics.begin(), metrics.end(), [&](const auto& each) { return each.first == name; });
  }

  bool operator==(const Evaluation&) const = default;
};

}  // namespace tagger
