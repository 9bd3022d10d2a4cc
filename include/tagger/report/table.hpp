#pragma once

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <ostream>
#include <string>
#include <utility>
#include <vector>

#include <tagger/report/text_width.hpp>

namespace tagger {

/// `value` with `digits` decimals; "-" for NaN: a metric that is not defined.
inline std::string format_number(double value, int digits = 3) {
  if (std::isnan(value)) return "-";
  char text[352];
  std::snprintf(text, sizeof text, "%.*f", digits, value);
  return text;
}

/// A table of text with aligned columns, for a terminal or a file.
///
///     Table table{{{"label"}, {"support", Align::right}, {"F1", Align::right}}};
///     table.add({"sky", "61", format_number(0.93)});
///     std::cout << table;
class Table {
 public:
  struct Column {
    std::string title;
    Align align = Align::left;
  };

  explicit Table(std::vector<Column> columns) : columns_(std::move(columns)) {}

  /// Adds a row; missing cells at its end are blank, cells beyond the last column are left out.
  void add(std::vector<std::string> cells) {
    cells.resize(columns_.size());
    for (auto& cell : cells) cell = printable(cell);
    rows_.push_back(std::move(cells));
  }

  friend std::ostream& operator<<(std::ostream& out, const Table& table) {
    std::vector<std::string> titles;
    std::vector<int> widths;
    for (std::size_t i = 0; i < table.columns_.size(); ++i) {
      titles.push_back(printable(table.columns_[i].title));
      widths.push_back(text_width(titles[i]));
      for (const auto& row : table.rows_) widths[i] = std::max(widths[i], text_width(row[i]));
    }
    std::vector<std::string> rules;
    for (const int width : widths) rules.emplace_back(static_cast<std::size_t>(width), '-');
    table.print(out, titles, widths);
    table.print(out, rules, widths);
    for (const auto& row : table.rows_) table.print(out, row, widths);
    return out;
  }

 private:
  void print(std::ostream& out, const std::vector<std::string>& cells, const std::vector<int>& widths) const {
    std::string line;
    for (std::size_t i = 0; i < cells.size(); ++i) {
      if (i > 0) line += "  ";
      line += pad(cells[i], widths[i], columns_[i].align);
    }
    line.erase(line.find_last_not_of(' ') + 1);
    out << line << '\n';
  }

  std::vector<Column> columns_;
  std::vector<std::vector<std::string>> rows_;
};

}  // namespace tagger
