#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <string>
#include <utility>
#include <vector>

#include <tagger/closest_name.hpp>
#include <tagger/error.hpp>
#include <tagger/report/json_value.hpp>
#include <tagger/threshold/decision.hpp>

namespace tagger {

/// The group of labels of these names, see Decision::exclusive.
/// \throws OptionError for a name that is not among `labels`, one that is there twice, or fewer than two
inline std::vector<std::int64_t> exclusive_group(const std::vector<std::string>& names,
                                                 const std::vector<std::string>& labels) {
  std::vector<std::int64_t> group;
  for (const auto& name : names) {
    const auto found = std::find(labels.begin(), labels.end(), name);
    if (found == labels.end()) throw OptionError(unknown_name_message("label", name, labels));
    const auto label = found - labels.begin();
    if (std::ranges::find(group, label) != group.end()) throw OptionError("label \"" + name + "\" is there twice");
    group.push_back(label);
  }
  if (group.size() < 2) throw OptionError("a group of labels that exclude each other needs two of them or more");
  return group;
}

/// Writes a decision's members into `json`; null is the threshold that every number passes.
///
///     "threshold": 0.5, "thresholds": [0.25, 0.5], "top_k": 3, "exclusive": [["day", "night"]]
///
/// \param labels  the names of its labels
inline void write_decision(Json& json, const Decision& decision, const std::vector<std::string>& labels) {
  json["threshold"] = decision.threshold;  // JSON has no infinity: it becomes null
  if (!decision.thresholds.empty()) {
    Json& thresholds = json["thresholds"] = Json::array();
    for (const float threshold : decision.thresholds) thresholds.push_back(short_decimal(threshold));
  }
  if (decision.top_k > 0) json["top_k"] = decision.top_k;
  for (const auto& group : decision.exclusive) {
    Json names = Json::array();
    for (const std::int64_t label : group) names.push_back(labels.at(static_cast<std::size_t>(label)));
    json["exclusive"].push_back(std::move(names));
  }
}

/// Reads what write_decision() has written. \throws DataError that names the place
inline Decision read_decision(const JsonValue& json, const std::vector<std::string>& labels) {
  const auto threshold_of = [](const JsonValue& value) {
    const double threshold = value.number();
    if (std::isnan(threshold)) return no_threshold;
    if (std::abs(threshold) > static_cast<double>(std::numeric_limits<float>::max())) value.fail("is no finite number");
    return threshold;
  };
  Decision decision{.threshold = threshold_of(json["threshold"])};
  if (const auto thresholds = json.find("thresholds")) {
    for (const auto& each : thresholds->elements()) {
      decision.thresholds.push_back(static_cast<float>(threshold_of(each)));
    }
    if (decision.thresholds.size() != labels.size()) thresholds->fail("is not a number for each label");
  }
  if (const auto top_k = json.find("top_k")) {
    decision.top_k = top_k->integer();
    if (decision.top_k < 1) top_k->fail("is less than 1");
  }
  if (const auto groups = json.find("exclusive")) {
    for (const auto& group : groups->elements()) {
      std::vector<std::string> names;
      for (const auto& name : group.elements()) names.push_back(name.text());
      try {
        decision.exclusive.push_back(exclusive_group(names, labels));
      } catch (const OptionError& error) {
        group.fail(error.what());
      }
    }
  }
  return decision;
}

}  // namespace tagger
