#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <tagger/file.hpp>
#include <tagger/metrics/evaluation.hpp>
#include <tagger/report/json_value.hpp>

namespace tagger {

/// An evaluation as JSON; numbers come back to the last bit, NaN is null.
///
///     {"samples": 1000, "threshold": 0.5,
///      "metrics": {"micro/precision": 0.7, "micro/recall": 0.6, "micro/f1": 0.65, "macro/precision": ...},
///      "labels": [{"name": "sky", "support": 61, "precision": 0.8, "recall": 0.7, "f1": 0.75}, ...]}
inline Json to_json(const Evaluation& evaluation) {
  Json metrics = Json::object();
  for (const auto& [name, value] : evaluation.metrics) metrics[name] = value;
  Json labels = Json::array();
  for (const auto& label : evaluation.labels) {
    labels.push_back({{"name", label.name},
                      {"support", label.support},
                      {"precision", label.precision},
                      {"recall", label.recall},
                      {"f1", label.f1}});
  }
  return {{"samples", evaluation.samples},
          {"threshold", evaluation.threshold},
          {"metrics", std::move(metrics)},
          {"labels", std::move(labels)}};
}

/// \throws DataError that names the file and the place in it
inline Evaluation evaluation_from_json(const JsonValue& json) {
  Evaluation evaluation;
  evaluation.samples = json["samples"].integer();
  evaluation.threshold = json["threshold"].number();
  for (const auto& [name, value] : json["metrics"].members()) evaluation.metrics.emplace_back(name, value.number());
  for (const auto& label : json["labels"].elements()) {
    evaluation.labels.push_back({.name = label["name"].text(),
                                 .support = label["support"].integer(),
                                 .precision = label["precision"].number(),
                                 .recall = label["recall"].number(),
                                 .f1 = label["f1"].number()});
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
