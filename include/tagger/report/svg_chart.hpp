#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include <tagger/report/html.hpp>
#include <tagger/report/table.hpp>

namespace tagger {

/// A line in a chart.
struct Curve {
  enum class Look { line, marked, cloud };  ///< cloud: faint, as the background of another line

  std::string name;
  std::vector<std::pair<double, double>> points;  ///< (x, y) from left to right; y that is not finite is a gap
  std::size_t style = 0;                          ///< picks colour, dash and marker: lines differ by more than colour
  Look look = Look::line;
};

struct LineChart {
  std::string title;
  std::string x_title;
  std::string description;  ///< what the chart shows, for those who cannot see it
  std::vector<Curve> curves;
  double y_low = 0;
  double y_high = 1;  ///< > y_low; what lies outside is drawn at the edge
};

namespace detail {

/// The round number (1, 2 or 5 times a power of ten) that cuts `range` into at most `parts`, rounded up.
inline double round_step(double range, int parts) {
  const double raw = range / parts;
  const double power = std::pow(10.0, std::floor(std::log10(raw)));
  for (const double factor : {1.0, 2.0, 5.0}) {
    if (factor * power >= raw * (1 - 1e-9)) return factor * power;
  }
  return 10 * power;
}

/// A marker around (x, y): circle, square, triangle or diamond.
inline Html svg_marker(std::size_t style, double x, double y) {
  switch (style % 4) {
    case 0:
      return html(R"(<circle cx="{}" cy="{}" r="3.5"/>)", x, y);
    case 1:
      return html(R"(<path d="M{} {}h7v7h-7z"/>)", x - 3.5, y - 3.5);
    case 2:
      return html(R"(<path d="M{} {}l4.5 8h-9z"/>)", x, y - 5);
    default:
      return html(R"(<path d="M{} {}l4.5 4.5l-4.5 4.5l-4.5-4.5z"/>)", x, y - 4.5);
  }
}

inline std::string curve_class(const Curve& curve) {
  const char* cloud = curve.look == Curve::Look::cloud ? " cloud" : "";
  return "c" + std::to_string(curve.style % 4) + " d" + std::to_string(curve.style % 5) + cloud;
}

class SvgPlot {
 public:
  static constexpr double full_width = 560, full_height = 300, left_margin = 52, right_margin = 14, top_margin = 14,
                          bottom_margin = 46;

  explicit SvgPlot(const LineChart& chart) : chart_(chart), y_low_(chart.y_low), y_high_(chart.y_high) {
    for (const auto& curve : chart.curves) {
      for (const auto& [x, y] : curve.points) x_high_ = std::max(x_high_, x);
    }
  }

  Html render() const {
    Html svg = axes();
    for (const auto& curve : chart_.curves) svg += draw(curve);
    return html(R"(<svg viewBox="0 0 {} {}" role="img" aria-label="{}">{}</svg>)", full_width, full_height,
                chart_.title + ": " + chart_.description, svg);
  }

 private:
  double at_x(double x) const { return left_margin + x / x_high_ * (full_width - left_margin - right_margin); }
  double at_y(double y) const {
    return full_height - bottom_margin -
           (std::clamp(y, y_low_, y_high_) - y_low_) / (y_high_ - y_low_) * (full_height - top_margin - bottom_margin);
  }

  Html axes() const {
    Html svg;
    const double y_step = round_step(y_high_ - y_low_, 5);
    const int digits = std::max(0, static_cast<int>(std::ceil(-std::log10(y_step) - 1e-9)));
    const auto y_first = static_cast<std::int64_t>(std::ceil(y_low_ / y_step - 1e-9));
    for (auto i = y_first; static_cast<double>(i) * y_step <= y_high_ + 1e-9 * y_step; ++i) {
      const double y = at_y(static_cast<double>(i) * y_step);
      svg += html(R"(<path class="grid" d="M{} {}H{}"/><text x="{}" y="{}" class="y">{}</text>)", left_margin, y,
                  full_width - right_margin, left_margin - 8, y + 4,
                  format_number(static_cast<double>(i) * y_step, digits));
    }
    const double x_step = std::max(round_step(x_high_, 4), 1.0);
    for (double x = 0; x <= x_high_ * (1 + 1e-9); x += x_step) {
      svg += html(R"(<text x="{}" y="{}" class="x">{}</text>)", at_x(x), full_height - bottom_margin + 18,
                  group_digits(static_cast<std::int64_t>(x)));
    }
    svg += html(R"(<path class="axis" d="M{} {}H{}"/><text x="{}" y="{}" class="x title">{}</text>)", left_margin,
                full_height - bottom_margin, full_width - right_margin, (left_margin + full_width - right_margin) / 2,
                full_height - 6, chart_.x_title);
    return svg;
  }

  Html draw(const Curve& curve) const {
    const bool marked = curve.look == Curve::Look::marked;
    const std::size_t stride = curve.points.size() / 24 + 1;  // markers that touch each other say nothing
    std::string path;
    Html markers;
    bool pen_down = false;
    for (std::size_t i = 0; i < curve.points.size(); ++i) {
      const auto& [x, y] = curve.points[i];
      if (std::isfinite(y)) {
        path += html("{}{} {}", pen_down ? "L" : "M", at_x(x), at_y(y)).markup;
        if (marked && i % stride == 0) markers += svg_marker(curve.style, at_x(x), at_y(y));
      }
      pen_down = std::isfinite(y);
    }
    return html(R"(<g class="{}"><path class="curve" d="{}"/>{}</g>)", curve_class(curve), path, markers);
  }

  const LineChart& chart_;
  double y_low_, y_high_, x_high_ = 1;
};

/// How a curve is drawn, its name, and its last value.
inline Html legend_entry(const Curve& curve) {
  Html swatch = html(R"(<path class="curve" d="M1 7H35"/>)");
  if (curve.look == Curve::Look::marked) swatch += svg_marker(curve.style, 18, 7);
  Html value;
  if (curve.look != Curve::Look::cloud && !curve.points.empty()) {
    value = html(" <b>{}</b>", format_number(curve.points.back().second));
  }
  return html(R"(<li><svg class="swatch" viewBox="0 0 36 14" aria-hidden="true"><g class="{}">{}</g></svg>{}{}</li>)",
              curve_class(curve), swatch, curve.name, value);
}

}  // namespace detail

/// `chart` as a figure: its title, a legend with each curve's last value, and an inline SVG that scales with the page.
inline Html render(const LineChart& chart) {
  Html legend;
  for (const auto& curve : chart.curves) legend += detail::legend_entry(curve);
  return html(R"(<figure class="chart"><figcaption><h3>{}</h3><ul class="legend">{}</ul></figcaption>{}</figure>)",
              chart.title, legend, detail::SvgPlot{chart}.render());
}

}  // namespace tagger
