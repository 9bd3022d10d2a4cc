#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <limits>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <tagger/report/json_value.hpp>

/// What a training reached and what it cost.
struct TrialResult {
  std::vector<std::pair<std::string, double>> metrics;  ///< ("micro/f1", 0.65), ..., of the best epoch
  double images_per_second = 0;                         ///< in training steps; NaN where none was timed
  double seconds = 0;                                   ///< all in all: weights loaded, trained, scored, page written
  double peak_megabytes = 0;                            ///< of its process

  double metric(const std::string& name) const {
    const auto found = std::ranges::find(metrics, name, &std::pair<std::string, double>::first);
    return found == metrics.end() ? std::numeric_limits<double>::quiet_NaN() : found->second;
  }
};

inline tagger::Json to_json(const TrialResult& result) {
  auto metrics = tagger::Json::object();
  for (const auto& [name, value] : result.metrics) metrics[name] = value;
  return {{"metrics", std::move(metrics)},
          {"images_per_second", result.images_per_second},
          {"seconds", result.seconds},
          {"peak_megabytes", result.peak_megabytes}};
}

/// \throws DataError
inline TrialResult trial_result_from_json(const tagger::JsonValue& json) {
  TrialResult result{.metrics = {},
                     .images_per_second = json["images_per_second"].number(),
                     .seconds = json["seconds"].number(),
                     .peak_megabytes = json["peak_megabytes"].number()};
  for (const auto& [name, value] : json["metrics"].members()) result.metrics.emplace_back(name, value.number());
  return result;
}

/// A configuration with one seed.
struct Trial {
  std::uint64_t seed = 0;
  std::filesystem::path folder;  ///< its run folder
  std::optional<TrialResult> result{};
  std::string failure{};  ///< why there will be no result
};

/// A method under comparison.
struct Configuration {
  std::string name;                  ///< names it and its run folders
  std::string backbone, head, loss;  ///< in words
  std::string title{};               ///< what sets it apart from the others
  std::vector<Trial> trials{};
};

/// Mean and sample standard deviation; NaN where there are not enough values.
struct Spread {
  double mean = std::numeric_limits<double>::quiet_NaN();
  double deviation = std::numeric_limits<double>::quiet_NaN();
};

/// Over the seeds of a configuration that have a result.
inline Spread spread(const Configuration& configuration, const std::function<double(const TrialResult&)>& value) {
  std::vector<double> values;
  for (const auto& trial : configuration.trials) {
    if (!trial.result) continue;
    if (const double each = value(*trial.result); !std::isnan(each)) values.push_back(each);
  }
  Spread result;
  const auto count = static_cast<double>(values.size());
  if (count < 1) return result;
  double sum = 0, squares = 0;
  for (const double each : values) sum += each;
  result.mean = sum / count;
  for (const double each : values) squares += (each - result.mean) * (each - result.mean);
  if (count > 1) result.deviation = std::sqrt(squares / (count - 1));
  return result;
}

/// Something that configurations are compared by.
struct Quantity {
  std::string key;    ///< in files: "micro/f1"
  std::string title;  ///< for a person: "micro F1"
  int digits = 3;
  std::function<double(const TrialResult&)> value{};
};

/// What stands for a metric in tables, "macro F1"; empty where it has no place there.
inline std::string score_title(const std::string& name) {
  if (name == "macro/average_precision") return "mAP";
  return name.ends_with("/f1") ? name.substr(0, name.size() - 3) + " F1" : "";
}

/// The F1 of each averaging, and mean average precision, where any result has them.
inline std::vector<Quantity> scores(const std::vector<Configuration>& configurations) {
  std::vector<Quantity> all;
  for (const auto& configuration : configurations) {
    for (const auto& trial : configuration.trials) {
      if (!trial.result) continue;
      for (const auto& [name, number] : trial.result->metrics) {
        const auto title = score_title(name);
        if (title.empty() || std::ranges::find(all, name, &Quantity::key) != all.end()) continue;
        all.push_back(
            {.key = name, .title = title, .value = [name](const TrialResult& result) { return result.metric(name); }});
      }
    }
  }
  return all;
}

inline std::vector<Quantity> costs() {
  return {{"images_per_second", "images/s", 1, &TrialResult::images_per_second},
          {"seconds", "seconds", 1, &TrialResult::seconds},
          {"peak_megabytes", "peak MB", 0, &TrialResult::peak_megabytes}};
}
