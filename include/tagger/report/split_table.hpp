#pragma once

#include <algorithm>
#include <cstddef>
#include <sstream>
#include <string>
#include <vector>

#include <tagger/report/table.hpp>
#include <tagger/split/quality.hpp>

namespace tagger {

/// What a split made of the labels, as text: of each part the share that it should have, the share of the pictures that
/// it has, and the share of the pictures of each label, the largest deviations first.
/// \param names  of the parts, the titles of their columns
/// \param most   labels that are listed, at most; how many are not is said
inline std::string split_table(const SplitQuality& quality, const std::vector<std::string>& names,
                               std::size_t most = 20) {
  std::vector<Table::Column> columns{{"share of"}, {"pictures", Align::right}};
  for (const auto& name : names) columns.push_back({name, Align::right});
  columns.push_back({"deviation", Align::right});
  Table table(columns);
  const auto add = [&](const std::string& title, const std::string& pictures, const std::vector<double>& shares,
                       const std::string& deviation) {
    std::vector<std::string> cells{title, pictures};
    for (const double share : shares) cells.push_back(format_number(100 * share, 1) + " %");
    cells.push_back(deviation);
    table.add(std::move(cells));
  };
  const auto percent = [](double deviation) { return format_number(100 * deviation, 1) + " %"; };
  add("what was asked for", "", quality.wanted, "");
  add("all pictures", "", quality.shares, "");
  for (std::size_t i = 0; i < std::min(most, quality.labels.size()); ++i) {
    const LabelShares& label = quality.labels[i];
    add(label.name, std::to_string(label.pictures), label.shares, percent(label.deviation));
  }
  std::ostringstream text;
  text << table;
  if (quality.labels.size() > most) {
    text << quality.labels.size() - most << " more labels deviate by " << percent(quality.labels[most].deviation)
         << " at most\n";
  }
  text << "mean distance of odds: labels " << format_number(quality.label_distribution, 5) << ", pairs of labels "
       << format_number(quality.pair_distribution, 5) << '\n';
  return text.str();
}

}  // namespace tagger
