#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <string>
#include <utility>
#include <vector>

#include <tagger/report/history.hpp>
#include <tagger/report/html.hpp>
#include <tagger/report/svg_chart.hpp>
#include <tagger/report/table.hpp>

namespace tagger {
namespace detail {

inline constexpr std::size_t curve_bins = 240;  ///< a curve has no more points than a reader's screen can tell apart

/// The batch losses of every step: the smallest and the largest of each bin.
inline std::vector<std::pair<double, double>> loss_extent(const std::vector<double>& loss) {
  std::vector<std::pair<double, double>> points;
  const std::size_t bins = std::min(curve_bins, loss.size());
  for (std::size_t bin = 0; bin < bins; ++bin) {
    const std::size_t first = bin * loss.size() / bins;
    const std::size_t last = (bin + 1) * loss.size() / bins;
    const auto x = static_cast<double>(last);
    const auto [low, high] = std::minmax_element(loss.begin() + static_cast<std::ptrdiff_t>(first),
                                                 loss.begin() + static_cast<std::ptrdiff_t>(last));
    points.emplace_back(x, *low);
    if (*low != *high) points.emplace_back(x, *high);
  }
  return points;
}

/// The mean loss of the last `window` steps, at no more than curve_bins places; what is not finite is left out.
inline std::vector<std::pair<double, double>> smoothed_loss(const std::vector<double>& loss, std::size_t window) {
  std::vector<std::pair<double, double>> points;
  const std::size_t bins = std::min(curve_bins, loss.size());
  for (std::size_t bin = 0; bin < bins; ++bin) {
    const std::size_t last = (bin + 1) * loss.size() / bins;
    double sum = 0;
    int count = 0;
    for (std::size_t i = last > window ? last - window : 0; i < last; ++i) {
      if (!std::isfinite(loss[i])) continue;
      sum += loss[i];
      ++count;
    }
    points.emplace_back(static_cast<double>(last), count > 0 ? sum / count : std::nan(""));
  }
  return points;
}

/// The upper end of an axis for `values`: above all but the largest hundredth, to a round number.
inline double loss_ceiling(std::vector<double> values) {
  std::erase_if(values, [](double value) { return !std::isfinite(value); });
  if (values.empty()) return 1;
  const auto place = values.begin() + static_cast<std::ptrdiff_t>(values.size() - 1 - values.size() / 100);
  std::nth_element(values.begin(), place, values.end());
  if (*place <= 0) return 1;
  const double step = round_step(*place, 5);
  return step * std::ceil(*place / step);
}

}  // namespace detail

/// The loss over steps: of each batch (faint), smoothed, and the mean of each epoch.
inline LineChart loss_chart(const History& history) {
  using Look = Curve::Look;
  LineChart chart{
      .title = "Training loss", .x_title = "steps", .description = "", .curves = {}, .y_low = 0, .y_high = 1};
  chart.y_high = detail::loss_ceiling(history.step_loss);
  if (const std::size_t window = history.step_loss.size() / 50; window > 1) {
    chart.curves.push_back({"each batch", detail::loss_extent(history.step_loss), 0, Look::cloud});
    chart.curves.push_back(
        {"mean of " + group_digits(window) + " steps", detail::smoothed_loss(history.step_loss, window)});
  } else {
    chart.curves.push_back({"each batch", detail::smoothed_loss(history.step_loss, 1)});
  }
  Curve epochs{"mean of the epoch", {}, 1, Look::marked};
  for (const auto& epoch : history.epochs) epochs.points.emplace_back(epoch.step, epoch.mean_loss);
  if (!epochs.points.empty()) {
    chart.description = "mean " + format_number(epochs.points.front().second) + " in the first epoch, " +
                        format_number(epochs.points.back().second) + " in the last of " +
                        group_digits(epochs.points.size());
    chart.curves.push_back(std::move(epochs));
  } else {
    chart.description = group_digits(history.step_loss.size()) + " steps";
  }
  return chart;
}

/// F1 on the test set over steps: a curve for each averaging that the evaluations name.
inline LineChart f1_chart(const History& history) {
  LineChart chart{
      .title = "F1 on the test set", .x_title = "steps", .description = "", .curves = {}, .y_low = 0, .y_high = 1};
  if (history.tests.empty()) return chart;
  double low = 1;
  double high = 0;
  for (const auto& [name, last] : history.tests.back().evaluation.metrics) {
    if (!name.ends_with("/f1") || name.find('/') != name.size() - 3) continue;
    Curve curve{name.substr(0, name.size() - 3), {}, chart.curves.size(), Curve::Look::marked};
    for (const auto& [step, evaluation] : history.tests) {
      const double f1 = evaluation.has(name) ? evaluation.at(name) : std::nan("");
      curve.points.emplace_back(step, f1);
      if (std::isfinite(f1)) low = std::min(low, f1), high = std::max(high, f1);
    }
    chart.description += (chart.description.empty() ? "" : ", ") + curve.name + " ends at " + format_number(last);
    chart.curves.push_back(std::move(curve));
  }
  chart.y_low = std::clamp(std::floor(low * 10) / 10, 0.0, 0.9);
  chart.y_high = std::clamp(std::ceil(high * 10) / 10, chart.y_low + 0.1, 1.0);
  return chart;
}

}  // namespace tagger
