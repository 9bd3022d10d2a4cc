#pragma once

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <tagger/report/html.hpp>
#include <tagger/report/label_curves.hpp>
#include <tagger/report/table.hpp>

namespace tagger {
namespace detail {

/// A small square plot whose axes go from 0 to 1. There are three for each label: they share the axes' markup.
struct UnitPlot {
  static constexpr double width = 220, height = 190, left = 30, right = 212, top = 10, bottom = 154;

  static double round(double pixels) { return std::round(10 * pixels) / 10; }
  static double x(double share) { return round(left + std::clamp(share, 0.0, 1.0) * (right - left)); }
  static double y(double share) { return round(bottom - std::clamp(share, 0.0, 1.0) * (bottom - top)); }

  /// What all plots refer to; once a page.
  static Html axes() {
    Html lines, ticks;
    for (const double tick : {0.0, 0.5, 1.0}) {
      lines += html(R"(<path class="grid" d="M{} {}H{}M{} {}V{}"/>)", left, y(tick), right, x(tick), top, bottom);
      ticks += html(R"(<text x="{}" y="{}" class="y">{}</text>)", left - 6, y(tick) + 4, tick);
    }
    for (const double tick : {0.0, 0.5, 1.0}) {
      ticks += html(R"(<text x="{}" y="{}" class="x">{}</text>)", x(tick), bottom + 15, tick);
    }
    return html(
        R"(<svg class="hidden" aria-hidden="true"><defs><g id="unit-grid">{}</g><g id="unit-ticks">{}</g></defs></svg>)",
        lines, ticks);
  }

  /// \param x_title  below the axis
  /// \param caption  what the plot shows, below it
  static Html figure(std::string_view title, std::string_view x_title, std::string_view caption, bool ticks,
                     const Html& content) {
    Html axes = html(R"(<use href="#unit-grid"/>)");
    if (ticks) axes += html(R"(<use href="#unit-ticks"/>)");
    return html(
        R"(<figure class="plot"><figcaption>{}</figcaption><svg viewBox="0 0 {} {}" role="img" aria-label="{}">{}{})"
        R"(<text x="{}" y="{}" class="x title">{}</text></svg><p>{}</p></figure>)",
        title, width, height, title, axes, content, (left + right) / 2, height - 6, x_title, caption);
  }

  static std::string path(const std::vector<std::pair<double, double>>& points) {
    std::string path;
    for (const auto& [a, b] : points) path += html("{}{} {}", path.empty() ? "M" : "L", x(a), y(b)).markup;
    return path;
  }
};

/// One bar a bin, up from (`sign` 1) or down from (-1) the middle; its length is the root of the bin's share, because
/// nearly all pictures are in a bin or two, and the few others are what is of interest.
inline Html half_histogram(const std::array<std::int64_t, LabelCurves::histogram_bins>& bins, int sign,
                           const char* style) {
  std::int64_t total = 0;
  for (const auto count : bins) total += count;
  std::string path;
  for (std::size_t i = 0; i < bins.size(); ++i) {
    if (bins[i] == 0) continue;
    const auto at = [&](std::size_t bin) {
      return UnitPlot::x(static_cast<double>(bin) / static_cast<double>(bins.size()));
    };
    const double length = std::sqrt(static_cast<double>(bins[i]) / static_cast<double>(total)) / 2;
    path +=
        html("M{} {}V{}H{}V{}z", at(i), UnitPlot::y(0.5), UnitPlot::y(0.5 + sign * length), at(i + 1), UnitPlot::y(0.5))
            .markup;
  }
  return html(R"(<path class="fill {}" d="{}"/>)", style, path);
}

}  // namespace detail

/// Precision against recall over all thresholds; a dot where predictions are made.
/// \param operating  (recall, precision) of the predictions; not drawn where it is not finite
inline Html precision_recall_chart(const LabelCurves& curves, std::pair<double, double> operating) {
  using detail::UnitPlot;
  const bool defined = std::isfinite(operating.first) && std::isfinite(operating.second);
  Html content = html(R"(<path class="curve c0" d="{}"/>)", UnitPlot::path(curves.precision_recall));
  std::string caption = "Precision over recall at every threshold";
  if (defined) {
    content += html(R"(<circle class="c0 dot" cx="{}" cy="{}" r="4.5"/>)", UnitPlot::x(operating.first),
                    UnitPlot::y(operating.second));
    caption += "; the dot is where labels are predicted: precision " + format_number(operating.second, 2) +
               ", recall " + format_number(operating.first, 2);
  }
  return UnitPlot::figure("Precision and recall", "recall", caption + ".", true, content);
}

/// How many of the pictures with the label, and of those without, have which score.
/// \param threshold  drawn as a line; none: predictions do not depend on one
inline Html score_chart(const LabelCurves& curves, std::optional<double> threshold) {
  using detail::UnitPlot;
  Html content = detail::half_histogram(curves.yes, 1, "c2") + detail::half_histogram(curves.no, -1, "c1");
  std::string caption = "Upwards pictures annotated yes, downwards no; bars grow with the root of their share";
  const double range = curves.high - curves.low;
  if (threshold && range > 0 && *threshold >= curves.low && *threshold <= curves.high) {
    content += html(R"(<path class="axis dash" d="M{} {}V{}"/>)", UnitPlot::x((*threshold - curves.low) / range),
                    UnitPlot::top, UnitPlot::bottom);
    caption += "; the dashed line is the threshold " + short_number(*threshold);
  }
  content += html(R"(<text x="{}" y="{}">{}</text><text x="{}" y="{}" class="y">{}</text>)", UnitPlot::left,
                  UnitPlot::bottom + 15, curves.low, UnitPlot::right, UnitPlot::bottom + 15, curves.high);
  return UnitPlot::figure("Scores", "score", caption + ".", false, content);
}

/// How often the label is there among pictures of a score. On the diagonal, scores are probabilities.
inline Html reliability_chart(const LabelCurves& curves) {
  using detail::UnitPlot;
  std::int64_t most = 1;
  std::vector<std::pair<double, double>> points;
  for (const auto& bin : curves.reliability) {
    most = std::max(most, bin.count);
    points.emplace_back(bin.mean_score, bin.frequency);
  }
  Html content = html(R"(<path class="axis dash" d="M{} {}L{} {}"/><path class="curve c3 faint" d="{}"/>)",
                      UnitPlot::x(0), UnitPlot::y(0), UnitPlot::x(1), UnitPlot::y(1), UnitPlot::path(points));
  for (const auto& bin : curves.reliability) {
    const double size = 2 + 4 * std::sqrt(static_cast<double>(bin.count) / static_cast<double>(most));
    content += html(R"(<circle class="c3 dot" cx="{}" cy="{}" r="{}"><title>{} pictures</title></circle>)",
                    UnitPlot::x(bin.mean_score), UnitPlot::y(bin.frequency), UnitPlot::round(size), bin.count);
  }
  return UnitPlot::figure("Calibration", "mean score",
                          "How often the label is true where it has this score; on the dashed line, scores are "
                          "probabilities. Larger dots are more pictures.",
                          true, content);
}

}  // namespace tagger
