#pragma once

#include <cmath>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include <tagger/metrics/evaluation.hpp>
#include <tagger/report/html.hpp>
#include <tagger/report/label_charts.hpp>
#include <tagger/report/score_details.hpp>
#include <tagger/report/table.hpp>

namespace tagger {
namespace detail {

/// How many labels have a panel: with so many, a page stays small.
inline constexpr std::size_t most_panels = 500;

/// "0.713", and where there is an interval what lies below it.
inline Html with_interval(double value, const std::optional<Interval>& interval) {
  if (!interval) return html("{}", format_number(value));
  return html(R"({} <small class="interval">{} to {}</small>)", format_number(value), format_number(interval->low),
              format_number(interval->high));
}

inline Html panel_fact(std::string_view name, const Html& value) {
  return html("<div><dt>{}</dt><dd>{}</dd></div>", name, value);
}

inline Html panel_facts(const LabelScore& label) {
  Html facts = panel_fact("Annotated", html("{} yes, {} no", group_digits(label.support), group_digits(label.absent)));
  if (label.unknown > 0) facts += panel_fact("Unknown", html("{}", group_digits(label.unknown)));
  const auto add = [&](std::string_view title, std::string_view name, std::optional<double> value) {
    if (value) facts += panel_fact(title, with_interval(*value, label.interval(name)));
  };
  add("Precision", "precision", label.precision);
  add("Recall", "recall", label.recall);
  add("F1", "f1", label.f1);
  add("Average precision", "average_precision", label.average_precision);
  add("ROC AUC", "roc_auc", label.roc_auc);
  add("Threshold", "threshold", label.threshold);
  add("Calibration error", "expected_calibration_error", label.expected_calibration_error);
  add("Brier score", "brier", label.brier);
  return html(R"(<dl class="facts">{}</dl>)", facts);
}

/// Links to the pictures that are most confidently wrong; the page's script puts the pictures in.
inline Html panel_mistakes(const ScoreDetails& details, const ScoreDetails::OfLabel& label, bool annotated,
                           std::string_view title) {
  Html links;
  for (const auto& mistake : label.mistakes) {
    if (mistake.annotated != annotated) continue;
    links += html(R"(<li><a class="thumb" href="#mistake-{}"><span>{}</span> <b>{}</b></a></li>)", mistake.picture,
                  details.mistakes[mistake.picture].name, format_number(mistake.score, 2));
  }
  if (links.markup.empty()) return {};
  return html(R"(<h4>{}</h4><ul class="thumbs">{}</ul>)", title, links);
}

}  // namespace detail

/// All about label `index`, opened by the link `#label-<index>`.
/// \param threshold  what its scores are compared with; none: another rule
inline Html label_panel(std::size_t index, const LabelScore& label, std::optional<double> threshold,
                        const ScoreDetails& details) {
  const auto& of_label = details.labels[index];
  Html charts = precision_recall_chart(of_label.curves, {label.recall, label.precision}) +
                score_chart(of_label.curves, threshold);
  if (!of_label.curves.reliability.empty()) charts += reliability_chart(of_label.curves);
  return html(
      R"(<article class="panel" id="label-{}" aria-labelledby="label-{}-title" tabindex="-1"><h3 id="label-{}-title">{}</h3>)"
      R"(<a class="close" href="#closed">Close</a>{}<div class="plots">{}</div>{}{}</article>)",
      index, index, index, label.name, detail::panel_facts(label), charts,
      detail::panel_mistakes(details, of_label, false, "Annotated no, but predicted with the highest scores"),
      detail::panel_mistakes(details, of_label, true, "Annotated yes, but with the lowest scores"));
}

}  // namespace tagger
