#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <limits>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <tagger/error.hpp>
#include <tagger/metrics/evaluation.hpp>
#include <tagger/metrics/metric_difference.hpp>
#include <tagger/report/document.hpp>
#include <tagger/report/evaluation_section.hpp>
#include <tagger/report/html.hpp>
#include <tagger/report/label_charts.hpp>
#include <tagger/report/label_curves.hpp>
#include <tagger/report/label_panel.hpp>
#include <tagger/report/sortable_table.hpp>

namespace tagger {

/// One of two runs that are compared on the same pictures.
struct ComparedRun {
  std::string name;
  Evaluation evaluation;
  std::vector<LabelCurves> curves{};  ///< of the evaluation's labels; empty: none are shown
};

/// The metrics that both evaluations have, without intervals.
inline std::vector<MetricDifference> differences(const Evaluation& first, const Evaluation& second) {
  std::vector<MetricDifference> rows;
  for (const auto& [name, value] : first.metrics) {
    if (second.has(name)) rows.push_back({.name = name, .first = value, .second = second.at(name)});
  }
  return rows;
}

namespace detail {

/// "+0.012", "-0.003", "-" for NaN.
inline std::string signed_number(double value) { return (value > 0 ? "+" : "") + format_number(value); }

/// How far a row reaches from zero.
inline double extent(const MetricDifference& row) {
  double largest = std::isfinite(row.difference()) ? std::abs(row.difference()) : 0;
  if (row.interval && std::isfinite(row.interval->low) && std::isfinite(row.interval->high)) {
    largest = std::max({largest, std::abs(row.interval->low), std::abs(row.interval->high)});
  }
  return largest;
}

/// The difference as a dot on an axis with zero in its middle, and its interval as a line.
/// \param reach  what the axis ends at
inline Html difference_chart(const MetricDifference& row, double reach) {
  constexpr double width = 160, height = 20, middle = width / 2, room = 72;
  const auto at = [&](double value) {
    return UnitPlot::round(middle + (reach > 0 ? std::clamp(value / reach, -1.0, 1.0) : 0.0) * room);
  };
  Html drawing = html(R"(<path class="axis" d="M{} 2V{}"/>)", middle, height - 2);
  bool sure = false;
  if (row.interval && std::isfinite(row.interval->low) && std::isfinite(row.interval->high)) {
    sure = row.interval->low > 0 || row.interval->high < 0;
    drawing +=
        html(R"(<path class="curve" d="M{} {}H{}"/>)", at(row.interval->low), height / 2, at(row.interval->high));
  }
  if (std::isfinite(row.difference())) {
    drawing += html(R"(<circle class="dot" cx="{}" cy="{}" r="4"/>)", at(row.difference()), height / 2);
  }
  return html(R"(<svg class="difference {}" viewBox="0 0 {} {}" aria-hidden="true">{}</svg>)", sure ? "sure" : "unsure",
              width, height, drawing);
}

inline Html differences_table(const ComparedRun& first, const ComparedRun& second,
                              std::span<const MetricDifference> rows) {
  const bool intervals = std::any_of(rows.begin(), rows.end(), [](const auto& row) { return row.interval; });
  const bool tests = std::any_of(rows.begin(), rows.end(), [](const auto& row) { return row.p_value; });
  const auto is_share = [](const MetricDifference& row) { return !(std::max(row.first, row.second) > 1); };
  double reach = 0;  // of all that lies between 0 and 1; another number has an axis of its own
  for (const auto& row : rows) reach = std::max(reach, is_share(row) ? extent(row) : 0);
  std::vector<std::string> titles{"Metric", first.name, second.name, "Difference", ""};
  if (intervals) titles.emplace_back("95 % interval");
  if (tests) titles.emplace_back("p");
  Html body;
  for (const auto& row : rows) {
    Html cells = number_cell(row.first) + number_cell(row.second);
    cells += std::isfinite(row.difference())
                 ? html(R"(<td data-v="{}">{}</td>)", row.difference(), signed_number(row.difference()))
                 : html(R"(<td data-v="">-</td>)");
    cells += html(R"(<td data-v="{}">{}</td>)", std::isfinite(row.difference()) ? std::abs(row.difference()) : 0.0,
                  difference_chart(row, is_share(row) ? reach : extent(row)));
    if (intervals && row.interval) {
      cells += html(R"(<td data-v="{}">{} to {}</td>)", row.interval->low, signed_number(row.interval->low),
                    signed_number(row.interval->high));
    } else if (intervals) {
      cells += html(R"(<td data-v="">-</td>)");
    }
    if (tests) cells += number_cell(row.p_value.value_or(std::numeric_limits<double>::quiet_NaN()));
    body += html(R"(<tr><th scope="row">{}</th>{}</tr>)", row.name, cells);
  }
  return sortable_table("The metrics of both runs and their differences", titles, body);
}

/// The curves of both runs, the first whole, the second dashed.
inline Html both_curves(const LabelCurves& first, const LabelCurves& second) {
  const Html curves = html(R"(<path class="curve c0" d="{}"/><path class="curve c1 dash" d="{}"/>)",
                           UnitPlot::path(first.precision_recall), UnitPlot::path(second.precision_recall));
  return UnitPlot::figure("Precision and recall", "recall", "The first run whole, the second dashed.", true, curves);
}

/// What panel_facts() shows, of one run.
inline Html side(const ComparedRun& run, std::size_t label, const char* style) {
  Html charts;
  if (!run.curves.empty()) {
    const auto& curves = run.curves[label];
    charts += score_chart(curves, run.evaluation.labels[label].threshold.value_or(run.evaluation.threshold));
    if (!curves.reliability.empty()) charts += reliability_chart(curves);
    charts = html(R"(<div class="plots">{}</div>)", charts);
  }
  return html(R"(<section class="side"><h4 class="{}">{}</h4>{}{}</section>)", style, run.name,
              panel_facts(run.evaluation.labels[label]), charts);
}

inline Html comparison_panel(const ComparedRun& first, const ComparedRun& second, std::size_t label) {
  Html curves;
  if (!first.curves.empty() && !second.curves.empty()) {
    curves = html(R"(<div class="plots">{}</div>)", both_curves(first.curves[label], second.curves[label]));
  }
  return html(
      R"(<article class="panel" id="label-{}" aria-labelledby="label-{}-title" tabindex="-1"><h3 id="label-{}-title">{}</h3>)"
      R"(<a class="close" href="#closed">Close</a>{}<div class="sides">{}{}</div></article>)",
      label, label, label, first.evaluation.labels[label].name, curves, side(first, label, "c0"),
      side(second, label, "c1"));
}

/// F1 and average precision of each label in both runs.
inline Html compared_labels(const ComparedRun& first, const ComparedRun& second) {
  const auto& labels = first.evaluation.labels;
  const auto missing = std::numeric_limits<double>::quiet_NaN();
  const bool ranked =
      std::any_of(labels.begin(), labels.end(), [](const auto& each) { return each.average_precision; });
  std::vector<std::string> titles{"Label", "Support"};
  const auto title = [&](const std::string& metric) {
    titles.insert(titles.end(), {metric + ", " + first.name, metric + ", " + second.name, metric + ", difference"});
  };
  title("F1");
  if (ranked) title("Average precision");
  Html rows, panels;
  for (std::size_t i = 0; i < labels.size(); ++i) {
    const auto &a = labels[i], &b = second.evaluation.labels[i];
    Html cells = count_cell(a.support);
    const auto add = [&](double x, double y) {
      cells += share_cell(x) + share_cell(y);
      cells += std::isfinite(y - x) ? html(R"(<td data-v="{}">{}</td>)", y - x, signed_number(y - x))
                                    : html(R"(<td data-v="">-</td>)");
    };
    add(a.f1, b.f1);
    if (ranked) add(a.average_precision.value_or(missing), b.average_precision.value_or(missing));
    const bool panel = i < most_panels;
    if (panel) panels += comparison_panel(first, second, i);
    rows += html(R"(<tr><th scope="row">{}</th>{}</tr>)",
                 panel ? html(R"(<a href="#label-{}">{}</a>)", i, a.name) : html("{}", a.name), cells);
  }
  return sortable_table("The labels of both runs", titles, rows, TableFilter::by_name) + UnitPlot::axes() + panels;
}

}  // namespace detail

/// Two runs side by side, as one HTML file that needs nothing else.
/// \param rows  what is compared; see differences() where there are no intervals
/// \throws DataError when the runs are not of the same labels and the same number of pictures
inline std::string render_comparison(const ComparedRun& first, const ComparedRun& second,
                                     std::span<const MetricDifference> rows) {
  const auto &a = first.evaluation, &b = second.evaluation;
  const auto same_name = [](const LabelScore& x, const LabelScore& y) { return x.name == y.name; };
  if (!std::equal(a.labels.begin(), a.labels.end(), b.labels.begin(), b.labels.end(), same_name)) {
    throw DataError(first.name + " and " + second.name + " are not of the same labels in the same order");
  }
  if (a.samples != b.samples) {
    throw DataError(first.name + " is of " + std::to_string(a.samples) + " pictures, " + second.name + " of " +
                    std::to_string(b.samples));
  }
  Sections sections;
  sections.add("metrics", "Metrics",
               "On the same " + group_digits(a.samples) + " pictures. A difference is " + second.name + " less " +
                   first.name + "; it is filled in where its interval does not reach zero.",
               detail::differences_table(first, second, rows));
  if (!a.labels.empty()) {
    sections.add(
        "labels", "Labels",
        "Support is the number of pictures that have the label. A click on a title sorts, one on a label shows "
        "both runs side by side.",
        detail::compared_labels(first, second));
  }
  return render_document(first.name + " and " + second.name, {}, sections);
}

}  // namespace tagger
