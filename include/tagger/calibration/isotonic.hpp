#pragma once

#include <algorithm>
#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <tagger/calibration/calibration.hpp>
#include <tagger/calibration/concept.hpp>
#include <tagger/calibration/maps_by_label.hpp>
#include <tagger/configurable.hpp>
#include <tagger/threshold/known_scores.hpp>

namespace tagger {

/// For each label the probability that never falls with the score and has the least squared error, by pooling adjacent
/// violators (Ayer et al., 1955); straight lines between its points, as scikit-learn's IsotonicRegression draws them.
/// Zadrozny and Elkan, "Transforming classifier scores into accurate multiclass probability estimates", KDD 2002. It
/// takes a thousand pictures or so to be better than PlattScaling, and gives many pictures the same score.
/// Models: Calibrator.
struct IsotonicCalibration {
  static constexpr std::string_view name = "isotonic";

  CalibrationFit operator()(const ValidationScores& validation) const {
    return maps_by_label<PiecewiseMap>(validation, std::string(name), fit);
  }

 private:
  /// Neighbouring scores that share a probability.
  struct Block {
    float first, last;
    double yes, count;

    double mean() const { return yes / count; }
  };

  static PiecewiseMap fit(const KnownScores& known) {
    std::vector<std::pair<float, bool>> points;
    points.reserve(known.yes.size() + known.no.size());
    for (const float score : known.yes) points.emplace_back(score, true);
    for (const float score : known.no) points.emplace_back(score, false);
    std::ranges::sort(points);
    std::vector<Block> blocks;
    for (std::size_t i = 0; i < points.size();) {
      Block block{.first = points[i].first, .last = points[i].first, .yes = 0, .count = 0};
      for (; i < points.size() && points[i].first == block.first; ++i) {
        block.yes += points[i].second ? 1 : 0;
        ++block.count;
      }
      while (!blocks.empty() && blocks.back().mean() >= block.mean()) {
        block = {.first = blocks.back().first,
                 .last = block.last,
                 .yes = blocks.back().yes + block.yes,
                 .count = blocks.back().count + block.count};
        blocks.pop_back();
      }
      blocks.push_back(block);
    }
    PiecewiseMap map;
    for (const Block& block : blocks) {
      map.scores.push_back(block.first);
      map.probabilities.push_back(block.mean());
      if (block.last == block.first) continue;
      map.scores.push_back(block.last);
      map.probabilities.push_back(block.mean());
    }
    return map;
  }
};

static_assert(Calibrator<IsotonicCalibration>);

}  // namespace tagger
