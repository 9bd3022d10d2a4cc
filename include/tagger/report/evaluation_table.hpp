#pragma once

#include <algorithm>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <tagger/metrics/evaluation.hpp>
#include <tagger/report/table.hpp>

namespace tagger {

/// A row an averaging, a column a metric: what a program prints of an evaluation.
/// \param prior  the metrics of prior_confusion(): their F1 is a column of its own for comparison; empty: none
inline Table averages_table(const Evaluation& evaluation,
                            const std::vector<std::pair<std::string, double>>& prior = {}) {
  std::vector<std::string> averagings, metrics;
  const auto add = [](std::vector<std::string>& list, std::string_view name) {
    if (std::find(list.begin(), list.end(), name) == list.end()) list.emplace_back(name);
  };
  for (const auto& [name, value] : evaluation.metrics) {
    const auto stroke = name.find('/');
    if (stroke == std::string::npos || name.find('/', stroke + 1) != std::string::npos) continue;
    add(averagings, std::string_view(name).substr(0, stroke));
    add(metrics, std::string_view(name).substr(stroke + 1));
  }
  std::vector<Table::Column> columns{{"average"}};
  for (const auto& metric : metrics) columns.push_back({metric, Align::right});
  if (!prior.empty()) columns.push_back({"f1 of guessing", Align::right});
  Table table(std::move(columns));
  const auto cell = [](const auto& values, const std::string& name) {
    const auto found = std::find_if(values.begin(), values.end(), [&](const auto& each) { return each.first == name; });
    return found == values.end() ? std::string{} : format_number(found->second);
  };
  for (const auto& averaging : averagings) {
    std::vector<std::string> row{averaging};
    for (const auto& metric : metrics) row.push_back(cell(evaluation.metrics, averaging + "/" + metric));
    if (!prior.empty()) row.push_back(cell(prior, averaging + "/f1"));
    table.add(std::move(row));
  }
  return table;
}

/// A row a label.
inline Table labels_table(const Evaluation& evaluation) {
  Table table({{"label"},
               {"support", Align::right},
               {"precision", Align::right},
               {"recall", Align::right},
               {"f1", Align::right}});
  for (const auto& label : evaluation.labels) {
    table.add({label.name, std::to_string(label.support), format_number(label.precision), format_number(label.recall),
               format_number(label.f1)});
  }
  return table;
}

}  // namespace tagger
