#pragma once

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <utility>
#include <vector>

#include <tagger/data/label.hpp>
#include <tagger/metrics/precision_recall_curve.hpp>
#include <tagger/metrics/ranking.hpp>
#include <tagger/metrics/reliability_curve.hpp>
#include <tagger/report/picture_scores.hpp>

namespace tagger {

/// What the scores of one label look like: all that a page keeps of them, however many pictures there are.
struct LabelCurves {
  static constexpr std::size_t most_points = 100;  ///< of precision_recall
  static constexpr std::size_t histogram_bins = 20;

  /// (recall, precision) where recall rises, from the highest score down; pictures of equal score come together.
  std::vector<std::pair<double, double>> precision_recall;
  double low = 0, high = 1;                              ///< the range of the histogram
  std::array<std::int64_t, histogram_bins> yes{}, no{};  ///< pictures by score, in bins of equal width
  std::vector<ReliabilityBin> reliability;               ///< with a picture; none where scores are no probabilities
};

namespace detail {

/// Of more than most_points, those at recalls spread evenly, the last one among them.
inline std::vector<std::pair<double, double>> rising_recall(ScoredSlice slice) {
  std::vector<std::pair<double, double>> points;
  for (const auto& point : precision_recall_curve(slice)) {
    if (point.recall > (points.empty() ? 0 : points.back().first)) points.emplace_back(point.recall, point.precision);
  }
  if (points.size() <= LabelCurves::most_points) return points;
  std::vector<std::pair<double, double>> kept;
  for (std::size_t k = 0; k < LabelCurves::most_points; ++k) {
    kept.push_back(points[k * (points.size() - 1) / (LabelCurves::most_points - 1)]);
  }
  return kept;
}

}  // namespace detail

/// The curves of column `label`. Unknown targets and scores that are not finite are left out.
inline LabelCurves label_curves(const PictureScores& set, Eigen::Index label) {
  RankedScores ranked;
  LabelCurves curves;
  if (!set.probabilities) {
    curves.low = std::numeric_limits<double>::infinity();
    curves.high = -curves.low;
  }
  for (Eigen::Index i = 0; i < set.scores.rows(); ++i) {
    const auto target = static_cast<Label>(set.targets(i, label));
    const float score = set.scores(i, label);
    if (target == Label::unknown || !std::isfinite(score)) continue;
    ranked.add(score, target == Label::yes, i);
    curves.low = std::min<double>(curves.low, score);
    curves.high = std::max<double>(curves.high, score);
  }
  std::vector<std::uint64_t> scratch;
  ranked.sort(scratch);
  std::vector<Tie> ties;
  const auto slice = ranked.slice({}, ties);
  curves.precision_recall = detail::rising_recall(slice);
  if (set.probabilities) {
    curves.reliability = reliability_curve(slice);
    std::erase_if(curves.reliability, [](const auto& bin) { return bin.count == 0; });
  }
  for (const Tie& tie : slice) {
    const double range = curves.high - curves.low;
    const double place = range > 0 ? (tie.score - curves.low) / range * LabelCurves::histogram_bins : 0;
    const auto bin = std::min(static_cast<std::size_t>(place), LabelCurves::histogram_bins - 1);
    curves.yes[bin] += tie.yes;
    curves.no[bin] += tie.no;
  }
  return curves;
}

}  // namespace tagger
