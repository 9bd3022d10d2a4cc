#pragma once

#include <filesystem>
#include <utility>

#include <tagger/file.hpp>
#include <tagger/report/history.hpp>
#include <tagger/report/json_value.hpp>
#include <tagger/report/metrics_json.hpp>

namespace tagger {

/// A run's history as JSON; numbers come back to the last bit, NaN is null.
///
///     {"step_loss": [0.69, ...], "epochs": [{"epoch": 1, "step": 156, "mean_loss": 0.4}, ...],
///      "tests": [{"step": 200, "evaluation": {...}}, ...]}
inline Json to_json(const History& history) {
  Json epochs = Json::array();
  for (const auto& epoch : history.epochs) {
    epochs.push_back({{"epoch", epoch.epoch}, {"step", epoch.step}, {"mean_loss", epoch.mean_loss}});
  }
  Json tests = Json::array();
  for (const auto& test : history.tests) {
    tests.push_back({{"step", test.step}, {"evaluation", to_json(test.evaluation)}});
  }
  return {{"step_loss", history.step_loss}, {"epochs", std::move(epochs)}, {"tests", std::move(tests)}};
}

/// \throws DataError that names the file and the place in it
inline History history_from_json(const JsonValue& json) {
  History history;
  for (const auto& loss : json["step_loss"].elements()) history.step_loss.push_back(loss.number());
  for (const auto& epoch : json["epochs"].elements()) {
    history.epochs.push_back(
        {.epoch = epoch["epoch"].integer(), .step = epoch["step"].integer(), .mean_loss = epoch["mean_loss"].number()});
  }
  for (const auto& test : json["tests"].elements()) {
    history.tests.push_back({.step = test["step"].integer(), .evaluation = evaluation_from_json(test["evaluation"])});
  }
  return history;
}

/// Writes to `path`, whole or not at all. \throws FileError
inline void write_history(const std::filesystem::path& path, const History& history) {
  write_file(path, dump_json(to_json(history)) + "\n");
}

/// \throws FileError, DataError
inline History read_history(const std::filesystem::path& path) {
  const Json json = read_json(path);
  return history_from_json({json, path});
}

}  // namespace tagger
