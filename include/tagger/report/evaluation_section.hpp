#pragma once

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <tagger/metrics/evaluation.hpp>
#include <tagger/report/html.hpp>
#include <tagger/report/sortable_table.hpp>
#include <tagger/report/table.hpp>

namespace tagger {
namespace detail {

/// The metrics of one averaging: "micro", with ("precision", 0.7), ("recall", 0.6), ("f1", 0.65).
struct AveragingMetrics {
  std::string averaging;
  NamedNumbers values;
};

/// The metrics named "<averaging>/<metric>", by averaging, in their order. Numbers of single labels
/// ("per_label/f1/sky") have a table of their own.
inline std::vector<AveragingMetrics> by_averaging(const Evaluation& evaluation) {
  std::vector<AveragingMetrics> groups;
  for (const auto& [name, value] : evaluation.metrics) {
    const auto stroke = name.find('/');
    if (stroke == name.npos || name.find('/', stroke + 1) != name.npos) continue;
    const std::string averaging = name.substr(0, stroke);
    auto group =
        std::find_if(groups.begin(), groups.end(), [&](const auto& each) { return each.averaging == averaging; });
    if (group == groups.end()) group = groups.insert(groups.end(), {averaging, {}});
    group->values.emplace_back(name.substr(stroke + 1), value);
  }
  return groups;
}

inline std::string metric_title(std::string_view metric) {
  if (metric == "roc_auc") return "ROC AUC";
  if (metric == "ndcg") return "NDCG";
  std::string title{metric};
  std::replace(title.begin(), title.end(), '_', ' ');
  if (title.starts_with("f1") || title.starts_with("f beta")) title[0] = 'F';
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

inline Html interval_note(const std::optional<Interval>& interval) {
  if (!interval) return {};
  return html(R"(<span class="interval">{} to {}</span>)", format_number(interval->low), format_number(interval->high));
}

inline Html metric_parts(const Evaluation& evaluation, std::string_view prefix, const NamedNumbers& values) {
  Html parts;
  for (const auto& [metric, value] : values) {
    parts += html("<div><dt>{}</dt><dd>{} {}</dd></div>", metric_title(metric), format_number(value),
                  interval_note(evaluation.interval(std::string(prefix) + metric)));
  }
  return html(R"(<dl class="parts">{}</dl>)", parts);
}

/// Of the many metrics under an averaging, those that a card shows.
inline constexpr std::array<std::string_view, 5> card_metrics{"f1", "precision", "recall", "average_precision",
                                                              "roc_auc"};

/// \param group  not empty
inline Html metric_card(const Evaluation& evaluation, AveragingMetrics group) {
  const auto is_extra = [](const auto& each) {
    return std::find(card_metrics.begin(), card_metrics.end(), each.first) == card_metrics.end();
  };
  if (!std::all_of(group.values.begin(), group.values.end(), is_extra)) std::erase_if(group.values, is_extra);
  const auto f1 =
      std::find_if(group.values.begin(), group.values.end(), [](const auto& each) { return each.first == "f1"; });
  const auto headline = f1 == group.values.end() ? group.values.begin() : f1;
  const std::string prefix = group.averaging + "/";
  const auto [name, value] = *headline;
  group.values.erase(headline);
  return html(R"(<div class="card"><h3>{}<small>{}</small></h3><p class="headline">{}<small>{}</small>{}</p>{}</div>)",
              group.averaging, averaging_note(group.averaging), format_number(value), metric_title(name),
              interval_note(evaluation.interval(prefix + name)), metric_parts(evaluation, prefix, group.values));
}

/// Metrics that have no averaging: "hamming_loss".
inline Html whole_card(const Evaluation& evaluation) {
  NamedNumbers values;
  for (const auto& [name, value] : evaluation.metrics) {
    if (name.find('/') == name.npos) values.emplace_back(name, value);
  }
  if (values.empty()) return {};
  return html(R"(<div class="card whole"><h3>Ranking, probabilities, whole pictures</h3>{}</div>)",
              metric_parts(evaluation, "", values));
}

}  // namespace detail

/// A card for each averaging: its F1 large, the best known other metrics below; and one for the metrics without an
/// averaging.
inline Html metric_cards(const Evaluation& evaluation) {
  Html cards;
  for (auto& group : detail::by_averaging(evaluation)) cards += detail::metric_card(evaluation, std::move(group));
  return html(R"(<div class="cards">{}</div>{})", cards, detail::whole_card(evaluation));
}

/// A row a metric, a column an averaging.
inline Html metrics_table(const Evaluation& evaluation) {
  const auto groups = detail::by_averaging(evaluation);
  std::vector<std::string> titles{"Metric"}, metrics;
  for (const auto& group : groups) {
    titles.push_back(group.averaging);
    for (const auto& [metric, value] : group.values) {
      if (std::find(metrics.begin(), metrics.end(), metric) == metrics.end()) metrics.push_back(metric);
    }
  }
  Html rows;
  for (const auto& metric : metrics) {
    Html cells;
    for (const auto& group : groups) {
      const std::string name = group.averaging + "/" + metric;
      const auto value = detail::find_named(evaluation.metrics, name);
      cells += value && std::isfinite(*value) ? html(R"(<td data-v="{}">{} {}</td>)", *value, format_number(*value),
                                                     detail::interval_note(evaluation.interval(name)))
                                              : html(R"(<td data-v="">-</td>)");
    }
    rows += html(R"(<tr><th scope="row">{}</th>{}</tr>)", detail::metric_title(metric), cells);
  }
  return sortable_table("Every metric under every averaging", titles, rows);
}

namespace detail {

/// A column of the labels' table.
struct LabelColumn {
  const char* title;
  std::optional<double> (*value)(const LabelScore&);
  bool share = true;  ///< drawn with a bar
};

/// Those after the support; the optional ones are left out where no label has them.
inline constexpr std::array label_columns{
    LabelColumn{"Precision", [](const LabelScore& label) { return std::optional(label.precision); }},
    LabelColumn{"Recall", [](const LabelScore& label) { return std::optional(label.recall); }},
    LabelColumn{"F1", [](const LabelScore& label) { return std::optional(label.f1); }},
    LabelColumn{"Average precision", [](const LabelScore& label) { return label.average_precision; }},
    LabelColumn{"Threshold", [](const LabelScore& label) { return label.threshold; }, false},
    LabelColumn{"Calibration error", [](const LabelScore& label) { return label.expected_calibration_error; }, false}};

}  // namespace detail

/// A row a label: support, precision, recall, F1, and what else is known. A click on a column's title sorts by it.
/// \param panels  the first so many labels have a panel, which their names open: see label_panel()
inline Html label_table(const Evaluation& evaluation, std::size_t panels = 0) {
  std::vector<std::string> titles{"Label", "Support"};
  std::vector<detail::LabelColumn> columns;
  for (const auto& column : detail::label_columns) {
    const auto has = [&](const LabelScore& label) { return column.value(label).has_value(); };
    if (std::none_of(evaluation.labels.begin(), evaluation.labels.end(), has)) continue;
    columns.push_back(column);
    titles.emplace_back(column.title);
  }
  Html rows;
  for (std::size_t i = 0; i < evaluation.labels.size(); ++i) {
    const auto& label = evaluation.labels[i];
    const Html name = i < panels ? html(R"(<a href="#label-{}">{}</a>)", i, label.name) : html("{}", label.name);
    Html cells = detail::count_cell(label.support);
    for (const auto& column : columns) {
      const double value = column.value(label).value_or(std::numeric_limits<double>::quiet_NaN());
      cells += column.share ? detail::share_cell(value) : detail::number_cell(value);
    }
    rows += html(R"(<tr><th scope="row">{}</th>{}</tr>)", name, cells);
  }
  return sortable_table("Scores of each label", titles, rows, TableFilter::by_name);
}

}  // namespace tagger
