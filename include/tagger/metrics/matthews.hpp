#pragma once

#include <string_view>

#include <Eigen/Core>

#include <tagger/metrics/concept.hpp>
#include <tagger/metrics/counts.hpp>
#include <tagger/metrics/zero_division.hpp>

namespace tagger {

/// The correlation of predictions and targets: (tp tn - fp fn) / sqrt((tp + fp)(tp + fn)(tn + fp)(tn + fn)), from -1
/// to 1. Where predictions or targets are all the same it is `zero_division`. Matthews, "Comparison of the predicted
/// and observed secondary structure of T4 phage lysozyme", Biochimica et Biophysica Acta 405, 1975. Models: Metric.
struct Matthews {
  static constexpr std::string_view name = "matthews";
  ZeroDivision zero_division = ZeroDivision::zero;

  Eigen::ArrayXd operator()(const Counts& counts) const {
    const auto real = [](const CountArray& count) { return Eigen::ArrayXd(count.cast<double>()); };
    const Eigen::ArrayXd covariance = real(counts.tp) * real(counts.tn) - real(counts.fp) * real(counts.fn);
    const Eigen::ArrayXd predicted = real(counts.predicted()) * real(counts.tn + counts.fn);
    const Eigen::ArrayXd targets = real(counts.support()) * real(counts.tn + counts.fp);
    return detail::divide_real(covariance, predicted.sqrt() * targets.sqrt(), zero_division);
  }
};
static_assert(Metric<Matthews>);

}  // namespace tagger
