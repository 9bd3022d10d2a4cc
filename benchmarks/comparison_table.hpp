#pragma once

#include <cmath>
#include <cstddef>
#include <string>
#include <utility>
#include <vector>

#include <tagger/data/csv.hpp>
#include <tagger/report/json_value.hpp>
#include <tagger/report/table.hpp>

#include "comparison.hpp"

/// "0.651 ± 0.004"; without a deviation, the mean alone.
inline std::string to_text(const Spread& spread, int digits) {
  const std::string mean = tagger::format_number(spread.mean, digits);
  return std::isnan(spread.deviation) ? mean : mean + " ± " + tagger::format_number(spread.deviation, digits);
}

inline std::size_t finished(const Configuration& configuration) {
  std::size_t count = 0;
  for (const auto& trial : configuration.trials) count += trial.result ? 1 : 0;
  return count;
}

/// "3", or of how many.
inline std::string seeds_text(const Configuration& configuration) {
  const std::size_t done = finished(configuration), all = configuration.trials.size();
  return std::to_string(done) + (done == all ? "" : " of " + std::to_string(all));
}

/// Why a configuration's first failure failed; empty where none has.
inline std::string failure(const Configuration& configuration) {
  for (const auto& trial : configuration.trials) {
    if (!trial.failure.empty()) return trial.failure;
  }
  return "";
}

/// For a terminal: a row a configuration, mean and deviation over its seeds.
inline tagger::Table to_table(const std::vector<Configuration>& configurations) {
  auto quantities = scores(configurations);
  for (auto& cost : costs()) quantities.push_back(std::move(cost));
  std::vector<tagger::Table::Column> columns{{"configuration"}, {"seeds", tagger::Align::right}};
  for (const auto& quantity : quantities) columns.push_back({quantity.title, tagger::Align::right});
  bool failed = false;
  for (const auto& configuration : configurations) failed = failed || !failure(configuration).empty();
  if (failed) columns.push_back({"failed"});
  tagger::Table table(std::move(columns));
  for (const auto& configuration : configurations) {
    std::vector<std::string> cells{configuration.title, seeds_text(configuration)};
    for (const auto& quantity : quantities) {
      cells.push_back(to_text(spread(configuration, quantity.value), quantity.digits));
    }
    cells.push_back(failure(configuration));
    table.add(std::move(cells));
  }
  return table;
}

/// An object a configuration: what it is; "micro/f1" and "micro/f1 deviation", ...; and its "trials".
inline tagger::Json to_json(const std::vector<Configuration>& configurations) {
  auto quantities = scores(configurations);
  for (auto& cost : costs()) quantities.push_back(std::move(cost));
  auto json = tagger::Json::array();
  for (const auto& configuration : configurations) {
    tagger::Json row{{"configuration", configuration.title},
                     {"backbone", configuration.backbone},
                     {"head", configuration.head},
                     {"loss", configuration.loss},
                     {"seeds", finished(configuration)}};
    for (const auto& quantity : quantities) {
      const Spread over_seeds = spread(configuration, quantity.value);
      row[quantity.key] = over_seeds.mean;
      row[quantity.key + " deviation"] = over_seeds.deviation;
    }
    row["failed"] = failure(configuration);
    auto& trials = row["trials"] = tagger::Json::array();
    for (const auto& trial : configuration.trials) {
      tagger::Json each{{"seed", trial.seed}, {"run", trial.folder.filename().string()}};
      if (trial.result) each.update(to_json(*trial.result));
      if (!trial.failure.empty()) each["failed"] = trial.failure;
      trials.push_back(std::move(each));
    }
    json.push_back(std::move(row));
  }
  return json;
}

/// The same, without the trials: a header, and a row a configuration.
inline std::string to_csv(const std::vector<Configuration>& configurations) {
  std::string csv;
  const auto line = [&csv](const tagger::Json& row, const auto& text_of) {
    std::string fields;
    for (const auto& [key, value] : row.items()) {
      if (key != "trials") fields += (fields.empty() ? "" : ",") + tagger::csv_field(text_of(key, value));
    }
    csv += fields + '\n';
  };
  for (const auto& row : to_json(configurations)) {
    if (csv.empty()) line(row, [](const std::string& key, const auto&) { return key; });
    line(row, [](const auto&, const tagger::Json& value) {
      if (value.is_string()) return value.get<std::string>();
      const bool missing = value.is_null() || (value.is_number_float() && std::isnan(value.get<double>()));
      return missing ? std::string() : value.dump();
    });
  }
  return csv;
}
