#pragma once

#include <algorithm>
#include <cmath>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <tagger/report/html.hpp>
#include <tagger/report/table.hpp>

namespace tagger {

enum class TableFilter { none, by_name };

/// A table that sorts at a click on a column's title, and scrolls sideways where there is no room. `by_name` gives it a
/// box that leaves the rows whose first cell has a text in it. Both need the page's script; the table does not.
/// \param rows  <tr> elements whose first cell is a <th scope="row">; a cell's data-v, where there is one, is what it
///              sorts by, and an empty one comes last
inline Html sortable_table(std::string_view caption, const std::vector<std::string>& titles, const Html& rows,
                           TableFilter filter = TableFilter::none) {
  Html heads;
  for (const auto& title : titles) heads += html(R"(<th scope="col">{}</th>)", title);
  Html tools;
  if (filter == TableFilter::by_name) {
    tools = html(
        R"(<div class="tools" hidden="hidden"><label>Filter <input type="search" autocomplete="off" spellcheck="false"/></label>)"
        R"(<output></output></div>)");
  }
  return html(
      R"(<div class="filterable">{}<div class="card wide scroll" role="region" aria-label="{}" tabindex="0"><table class="sortable">)"
      R"(<caption class="hidden">{}</caption><thead><tr>{}</tr></thead><tbody>{}</tbody></table></div></div>)",
      tools, caption, caption, heads, rows);
}

namespace detail {

inline Html count_cell(std::int64_t count) { return html(R"(<td data-v="{}">{}</td>)", count, group_digits(count)); }

inline Html number_cell(double value, int digits = 3) {
  if (!std::isfinite(value)) return html(R"(<td data-v="">-</td>)");
  return html(R"(<td data-v="{}">{}</td>)", value, format_number(value, digits));
}

/// A number from 0 to 1, and a bar of that length below it.
inline Html share_cell(double value) {
  if (!std::isfinite(value)) return html(R"(<td class="share" data-v="">-</td>)");
  return html(R"(<td class="share" data-v="{}"><span style="--v:{}">{}</span></td>)", value,
              std::clamp(value, 0.0, 1.0), format_number(value));
}

}  // namespace detail
}  // namespace tagger
