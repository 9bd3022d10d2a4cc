#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <tagger/metrics/evaluation.hpp>
#include <tagger/report/bar.hpp>
#include <tagger/report/table.hpp>
#include <tagger/report/terminal.hpp>

namespace tagger {
namespace detail {

/// "macro/f1" is ("macro", "f1"); nothing of a number without an averaging, or of one label.
inline std::optional<std::pair<std::string, std::string>> averaging_and_metric(const std::string& name) {
  const auto stroke = name.find('/');
  if (stroke == std::string::npos || name.find('/', stroke + 1) != std::string::npos) return std::nullopt;
  return std::pair{name.substr(0, stroke), name.substr(stroke + 1)};
}

inline std::string interval_text(const std::optional<Interval>& interval) {
  if (!interval || std::isnan(interval->low)) return "";
  return format_number(interval->low) + " to " + format_number(interval->high);
}

/// As long as the number, which lies between 0 and 1; empty for another.
inline std::string number_bar(double number, BarStyle style) {
  constexpr int columns = 20;
  return number >= 0 && number <= 1 ? draw_bar(number, columns, style) : "";
}

inline BarStyle terminal_bars() { return locale_is_utf8() ? BarStyle::blocks : BarStyle::ascii; }

}  // namespace detail

/// A row an averaging, a column a metric that all of them have: what a program prints of an evaluation last.
/// \param prior  the metrics of prior_confusion(): their F1 is a column of its own for comparison; empty: none
inline Table averages_table(const Evaluation& evaluation, const NamedNumbers& prior = {}) {
  std::vector<std::string> averagings, metrics;
  const auto add = [](std::vector<std::string>& list, const std::string& name) {
    if (std::find(list.begin(), list.end(), name) == list.end()) list.push_back(name);
  };
  for (const auto& [name, value] : evaluation.metrics) {
    const auto parts = detail::averaging_and_metric(name);
    if (!parts) continue;
    add(averagings, parts->first);
    add(metrics, parts->second);
  }
  std::erase_if(metrics, [&](const std::string& metric) {
    return !std::ranges::all_of(averagings, [&](const auto& each) { return evaluation.has(each + "/" + metric); });
  });
  std::vector<Table::Column> columns{{"average"}};
  for (const auto& metric : metrics) columns.push_back({metric, Align::right});
  if (!prior.empty()) columns.push_back({"f1 of guessing", Align::right});
  Table table(std::move(columns));
  for (const auto& averaging : averagings) {
    std::vector<std::string> row{averaging};
    for (const auto& metric : metrics) row.push_back(format_number(evaluation.at(averaging + "/" + metric)));
    if (const auto guessed = detail::find_named(prior, averaging + "/f1")) row.push_back(format_number(*guessed));
    table.add(std::move(row));
  }
  return table;
}

/// A row a number, with its interval where it has one, and a bar.
inline Table numbers_table(const Evaluation& evaluation, BarStyle bars = detail::terminal_bars()) {
  const bool intervals = !evaluation.intervals.empty();
  std::vector<Table::Column> columns{{"metric"}, {"value", Align::right}};
  if (intervals) columns.push_back({"interval"});
  columns.push_back({""});
  Table table(std::move(columns));
  for (const auto& [name, value] : evaluation.metrics) {
    std::vector<std::string> row{name, format_number(value)};
    if (intervals) row.push_back(detail::interval_text(evaluation.interval(name)));
    row.push_back(detail::number_bar(value, bars));
    table.add(std::move(row));
  }
  return table;
}

/// A row a label, with what has been computed, and its F1 as a bar.
inline Table labels_table(const Evaluation& evaluation, BarStyle bars = detail::terminal_bars()) {
  const auto any = [&](auto has) { return std::ranges::any_of(evaluation.labels, has); };
  const bool unknown = any([](const LabelScore& label) { return label.unknown > 0; });
  const bool thresholds =
      any([&](const LabelScore& label) { return label.threshold != evaluation.labels.front().threshold; });
  const bool ranked = any([](const LabelScore& label) { return label.average_precision.has_value(); });
  const bool intervals = any([](const LabelScore& label) { return label.interval("f1").has_value(); });
  std::vector<Table::Column> columns{{"label"}, {"support", Align::right}};
  const auto add_column = [&](bool there, const char* title, Align align = Align::right) {
    if (there) columns.push_back({title, align});
  };
  add_column(unknown, "unknown");
  add_column(thresholds, "threshold");
  add_column(true, "precision");
  add_column(true, "recall");
  add_column(ranked, "average_precision");
  add_column(true, "f1");
  add_column(intervals, "f1 interval", Align::left);
  add_column(true, "");
  columns.back().align = Align::left;
  Table table(std::move(columns));
  for (const auto& label : evaluation.labels) {
    std::vector<std::string> row{label.name, std::to_string(label.support)};
    const auto optional = [](const std::optional<double>& number) { return number ? format_number(*number) : ""; };
    if (unknown) row.push_back(std::to_string(label.unknown));
    if (thresholds) row.push_back(optional(label.threshold));
    row.push_back(format_number(label.precision));
    row.push_back(format_number(label.recall));
    if (ranked) row.push_back(optional(label.average_precision));
    row.push_back(format_number(label.f1));
    if (intervals) row.push_back(detail::interval_text(label.interval("f1")));
    row.push_back(detail::number_bar(label.f1, bars));
    table.add(std::move(row));
  }
  return table;
}

}  // namespace tagger
