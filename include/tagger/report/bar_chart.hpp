#pragma once

#include <unistd.h>

#include <algorithm>
#include <cstdint>
#include <string>

#include <tagger/report/bar.hpp>
#include <tagger/report/terminal.hpp>
#include <tagger/report/text_width.hpp>

namespace tagger {

struct BarChartOptions {
  int width = terminal_width(STDOUT_FILENO).value_or(80);  ///< columns of the whole chart
  BarStyle style = locale_is_utf8() ? BarStyle::blocks : BarStyle::ascii;
};

/// Named counts as lines of text: name, count, and a bar as long as the count beside the largest.
///
///     sky     2714 ████████████████████
///     clouds  1357 ██████████
///
/// \param counts  a range of things with `name` and `count`, for example label_distribution(annotations)
inline std::string bar_chart(const auto& counts, const BarChartOptions& options = {}) {
  int name_width = 0;
  int count_width = 0;
  std::int64_t largest = 1;
  for (const auto& [name, count] : counts) {
    name_width = std::max(name_width, text_width(printable(name)));
    count_width = std::max(count_width, static_cast<int>(std::to_string(count).size()));
    largest = std::max<std::int64_t>(largest, count);
  }
  name_width = std::min(name_width, std::max(options.width / 2, 8));
  const int columns = std::max(options.width - name_width - count_width - 3, 0);
  std::string chart;
  for (const auto& [name, count] : counts) {
    const std::string bar = draw_bar(static_cast<double>(count) / static_cast<double>(largest), columns, options.style);
    chart += pad(fit_width(printable(name), name_width), name_width) + "  " +
             pad(std::to_string(count), count_width, Align::right) + (bar.empty() ? "" : " " + bar) + '\n';
  }
  return chart;
}

}  // namespace tagger
