#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <tagger/file.hpp>
#include <tagger/metrics/evaluation.hpp>
#include <tagger/report/json_value.hpp>

namespace tagger {

namespace detail {

inline Json to_json(const NamedIntervals& intervals) {
  Json json = Json::object();
  for (const auto& [name, interval] : intervals) json[name] = {interval.low, interval.high};
  return json;
}

inline NamedIntervals intervals_from_json(const JsonValue& json) {
  NamedIntervals intervals;
  for (const auto& [name, ends] : json.members()) {
    const auto numbers = ends.elements();
    if (numbers.size() != 2) ends.fail("is not two numbers");
    intervals.emplace_back(name, Interval{numbers[0].number(), numbers[1].number()});
  }
  return intervals;
}

/// The numbers of a label that an evaluation need not have: `each("roc_auc", label.roc_auc)`, and so on.
void optional_numbers(auto& label, auto&& each) {
  each("threshold", label.threshold);
  each("average_precision", label.average_precision);
  each("roc_auc", label.roc_auc);
  each("brier", label.brier);
  each("expected_calibration_error", label.expected_calibration_error);
}

inline Json to_json(const LabelScore& label) {
  Json json{{"name", label.name}, {"support", label.support}, {"precision", label.precision}, {"recall", label.recall},
            {"f1", label.f1},     {"absent", label.absent},   {"unknown", label.unknown}};
  optional_numbers(label, [&](const char* name, const std::optional<double>& value) {
    if (value) json[name] = *value;
  });
  if (!label.intervals.empty()) json["intervals"] = to_json(label.intervals);
  return json;
}

inline LabelScore label_score_from_json(const JsonValue& json) {
  LabelScore label{.name = json["name"].text(),
                   .support = json["support"].integer(),
                   .precision = json["precision"].number(),
                   .recall = json["recall"].number(),
                   .f1 = json["f1"].number()};
  if (const auto absent = json.find("absent")) label.absent = absent->integer();
  if (const auto unknown = json.find("unknown")) label.unknown = unknown->integer();
  optional_numbers(label, [&](const char* name, std::optional<double>& value) {
    if (json.json().contains(name)) value = json[name].number();
  });
  if (const auto intervals = json.find("intervals")) label.intervals = intervals_from_json(*intervals);
  return label;
}

}  // namespace detail

/// An evaluation as JSON; numbers come back to the last bit, NaN is null.
///
///     {"samples": 1000, "threshold": 0.5,
///      "definitions": {"zero_division": "zero", ...},
///      "metrics": {"micro/precision": 0.7, "micro/recall": 0.6, "micro/f1": 0.65, "macro/precision": ...},
///      "intervals": {"micro/precision": [0.67, 0.72], ...},
///      "labels": [{"name": "sky", "support": 61, "precision": 0.8, "recall": 0.7, "f1": 0.75, "absent": 939,
///                  "unknown": 0, "threshold": 0.5, "average_precision": 0.8, ...}, ...]}
///
/// Definitions, intervals and a label's optional numbers are there where they have been computed; "in_sample" where
/// pictures are among these that the thresholds were chosen on.
inline Json to_json(const Evaluation& evaluation) {
  Json json{{"samples", evaluation.samples}, {"threshold", evaluation.threshold}};
  if (evaluation.in_sample > 0) json["in_sample"] = evaluation.in_sample;
  for (const auto& [name, definition] : evaluation.definitions) json["definitions"][name] = definition;
  json["metrics"] = Json::object();
  for (const auto& [name, value] : evaluation.metrics) json["metrics"][name] = value;
  if (!evaluation.intervals.empty()) json["intervals"] = detail::to_json(evaluation.intervals);
  json["labels"] = Json::array();
  for (const auto& label : evaluation.labels) json["labels"].push_back(detail::to_json(label));
  return json;
}

/// Reads what any version has written. \throws DataError that names the file and the place in it
inline Evaluation evaluation_from_json(const JsonValue& json) {
  Evaluation evaluation;
  evaluation.samples = json["samples"].integer();
  evaluation.threshold = json["threshold"].number();
  if (const auto in_sample = json.find("in_sample")) evaluation.in_sample = in_sample->integer();
  if (const auto definitions = json.find("definitions")) {
    for (const auto& [name, text] : definitions->members()) evaluation.definitions.emplace_back(name, text.text());
  }
  for (const auto& [name, value] : json["metrics"].members()) evaluation.metrics.emplace_back(name, value.number());
  if (const auto intervals = json.find("intervals")) evaluation.intervals = detail::intervals_from_json(*intervals);
  for (const auto& label : json["labels"].elements()) {
    evaluation.labels.push_back(detail::label_score_from_json(label));
  }
  return evaluation;
}

/// Writes to `path`, whole or not at all. \throws FileError
inline void write_evaluation(const std::filesystem::path& path, const Evaluation& evaluation) {
  write_file(path, dump_json(to_json(evaluation), 2) + "\n");
}

/// \throws FileError, DataError
inline Evaluation read_evaluation(const std::filesystem::path& path) {
  const Json json = read_json(path);
  return evaluation_from_json({json, path});
}

}  // namespace tagger
