#pragma once

#include <algorithm>
#include <cmath>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <tagger/metrics/evaluation.hpp>
#include <tagger/report/html.hpp>
#include <tagger/report/table.hpp>

namespace tagger {
namespace detail {

/// The metrics of one averaging: "micro", with ("precision", 0.7), ("recall", 0.6), ("f1", 0.65).
struct AveragingMetrics {
  std::string averaging;
  std::vector<std::pair<std::string, double>> values;
};

/// The metrics named "<averaging>/<metric>", by averaging, in their order. Numbers of single labels
/// ("per_label/f1/sky") have a table of their own.
inline std::vector<AveragingMetrics> by_averaging(const Evaluation& evaluation) {
  std::vector<AveragingMetrics> groups;
  for (const auto& [name, value] : evaluation.metrics) {
    const auto stroke = name.find('/');
    if (stroke == name.npos || name.find('/', stroke + 1) != name.npos) continue;
    const std::string averaging = name.substr(0, stroke);
    if (groups.empty() || groups.back().averaging != averaging) groups.push_back({averaging, {}});
    groups.back().values.emplace_back(name.substr(stroke + 1), value);
  }
  return groups;
}

inline std::string metric_title(std::string_view metric) {
  if (metric == "f1") return "F1";
  std::string title{metric};
  std::replace(title.begin(), title.end(), '_', ' ');
  return title;
}

/// What the numbers of a well-known averaging are a mean of; empty for another one.
inline std::string_view averaging_note(std::string_view averaging) {
  if (averaging == "micro") return "all labels of all pictures";
  if (averaging == "macro") return "mean over labels";
  if (averaging == "weighted") return "mean over labels by support";
  if (averaging == "samples") return "mean over pictures";
  return "";
}

inline Html metric_card(const AveragingMetrics& group) {
  const auto f1 =
      std::find_if(group.values.begin(), group.values.end(), [](const auto& each) { return each.first == "f1"; });
  const auto headline = f1 == group.values.end() ? group.values.begin() : f1;
  Html parts;
  for (auto each = group.values.begin(); each != group.values.end(); ++each) {
    if (each == headline) continue;
    parts += html("<div><dt>{}</dt><dd>{}</dd></div>", metric_title(each->first), format_number(each->second));
  }
  return html(
      R"(<div class="card"><h3>{}<small>{}</small></h3><p class="headline">{}<small>{}</small></p><dl class="parts">{}</dl></div>)",
      group.averaging, averaging_note(group.averaging), format_number(headline->second), metric_title(headline->first),
      parts);
}

inline Html share_cell(double value) {
  if (!std::isfinite(value)) return html(R"(<td class="share" data-v="">-</td>)");
  return html(R"(<td class="share" data-v="{}"><span style="--v:{}">{}</span></td>)", value,
              std::clamp(value, 0.0, 1.0), format_number(value));
}

}  // namespace detail

/// A card for each averaging: its F1 large, its other metrics below.
inline Html metric_cards(const Evaluation& evaluation) {
  Html cards;
  for (const auto& group : detail::by_averaging(evaluation)) cards += detail::metric_card(group);
  return html(R"(<div class="cards">{}</div>)", cards);
}

/// A row a label: support, precision, recall, F1. A click on a column's title sorts by it.
inline Html label_table(const Evaluation& evaluation) {
  Html rows;
  for (const auto& label : evaluation.labels) {
    rows += html(R"(<tr><th scope="row">{}</th><td data-v="{}">{}</td>{}{}{}</tr>)", label.name, label.support,
                 group_digits(label.support), detail::share_cell(label.precision), detail::share_cell(label.recall),
                 detail::share_cell(label.f1));
  }
  return html(
      R"(<div class="card wide"><table class="sortable"><caption class="hidden">Precision, recall and F1 of each label</caption>)"
      R"(<thead><tr><th scope="col">Label</th><th scope="col">Support</th><th scope="col">Precision</th>)"
      R"(<th scope="col">Recall</th><th scope="col">F1</th></tr></thead><tbody>{}</tbody></table></div>)",
      rows);
}

}  // namespace tagger
