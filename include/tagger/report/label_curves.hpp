#pragma once

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

#include <tagger/data/label.hpp>
#include <tagger/report/picture_scores.hpp>

namespace tagger {

/// What the scores of one label look like: all that a page keeps of them, however many pictures there are.
struct LabelCurves {
  static constexpr std::size_t most_points = 100;  ///< of precision_recall
  static constexpr std::size_t histogram_bins = 20;
  static constexpr std::size_t reliability_bins = 10;

  struct ReliabilityBin {
    double mean_score = 0;
    double share_yes = 0;  ///< of the bin's pictures
    std::int64_t pictures = 0;
    bool operator==(const ReliabilityBin&) const = default;
  };

  /// (recall, precision) where recall rises, from the highest score down; pictures of equal score come together.
  std::vector<std::pair<double, double>> precision_recall;
  double low = 0, high = 1;                              ///< the range of the histogram
  std::array<std::int64_t, histogram_bins> yes{}, no{};  ///< pictures by score, in bins of equal width
  std::vector<ReliabilityBin> reliability;               ///< none where scores are no probabilities

  bool operator==(const LabelCurves&) const = default;
};

namespace detail {

/// A label's finite scores, the highest first, each beside whether the target is yes. Unknown targets are left out.
inline std::vector<std::pair<float, bool>> ranked_scores(const PictureScores& set, Eigen::Index label) {
  std::vector<std::pair<float, bool>> ranked;
  for (Eigen::Index i = 0; i < set.scores.rows(); ++i) {
    const auto target = static_cast<Label>(set.targets(i, label));
    if (target == Label::unknown || !std::isfinite(set.scores(i, label))) continue;
    ranked.emplace_back(set.scores(i, label), target == Label::yes);
  }
  std::sort(ranked.begin(), ranked.end(), [](const auto& a, const auto& b) { return a.first > b.first; });
  return ranked;
}

/// Of more than most_points, those at recalls spread evenly, the last one among them.
inline std::vector<std::pair<double, double>> precision_recall(const std::vector<std::pair<float, bool>>& ranked) {
  std::vector<std::pair<double, double>> points;
  std::int64_t hits = 0;
  std::int64_t hits_before = 0;
  for (std::size_t i = 0; i < ranked.size(); ++i) {
    hits += ranked[i].second ? 1 : 0;
    const bool tied = i + 1 < ranked.size() && ranked[i + 1].first == ranked[i].first;
    if (tied || hits == hits_before) continue;
    points.emplace_back(static_cast<double>(hits), static_cast<double>(hits) / static_cast<double>(i + 1));
    hits_before = hits;
  }
  for (auto& [recall, precision] : points) recall /= static_cast<double>(hits);
  if (points.size() <= LabelCurves::most_points) return points;
  std::vector<std::pair<double, double>> kept;
  for (std::size_t k = 0; k < LabelCurves::most_points; ++k) {
    kept.push_back(points[k * (points.size() - 1) / (LabelCurves::most_points - 1)]);
  }
  return kept;
}

inline std::size_t bin_of(double value, double low, double high, std::size_t bins) {
  const double place = high > low ? (value - low) / (high - low) * static_cast<double>(bins) : 0;
  return std::min(static_cast<std::size_t>(std::max(place, 0.0)), bins - 1);
}

inline std::vector<LabelCurves::ReliabilityBin> reliability(const std::vector<std::pair<float, bool>>& ranked) {
  std::vector<LabelCurves::ReliabilityBin> bins(LabelCurves::reliability_bins);
  for (const auto& [score, yes] : ranked) {
    auto& bin = bins[bin_of(score, 0, 1, bins.size())];
    bin.mean_score += score;
    bin.share_yes += yes ? 1 : 0;
    ++bin.pictures;
  }
  std::erase_if(bins, [](const auto& bin) { return bin.pictures == 0; });
  for (auto& bin : bins) {
    bin.mean_score /= static_cast<double>(bin.pictures);
    bin.share_yes /= static_cast<double>(bin.pictures);
  }
  return bins;
}

}  // namespace detail

/// The curves of column `label`. Scores that are not finite are left out.
inline LabelCurves label_curves(const PictureScores& set, Eigen::Index label) {
  const auto ranked = detail::ranked_scores(set, label);
  LabelCurves curves;
  curves.precision_recall = detail::precision_recall(ranked);
  if (set.probabilities) {
    curves.reliability = detail::reliability(ranked);
  } else if (!ranked.empty()) {
    curves.low = ranked.back().first;
    curves.high = ranked.front().first;
  }
  for (const auto& [score, yes] : ranked) {
    ++(yes ? curves.yes : curves.no)[detail::bin_of(score, curves.low, curves.high, LabelCurves::histogram_bins)];
  }
  return curves;
}

}  // namespace tagger
