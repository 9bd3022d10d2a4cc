#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <variant>
#include <vector>

#include <tagger/data/label.hpp>
#include <tagger/error.hpp>
#include <tagger/threshold/validation_scores.hpp>

namespace tagger {

/// log(p / (1 - p)) of a probability, or a margin as it is. Probabilities within 2^-24 of 0 and 1, beyond which float32
/// cannot tell those near 1 apart, count as that: logits are between -16.6 and 16.6.
inline double logit_of(float score, ScoreKind kind) {
  if (kind == ScoreKind::margin) return static_cast<double>(score);
  const double p = std::clamp(static_cast<double>(score), 0x1p-24, 1 - 0x1p-24);
  return std::log(p / (1 - p));
}

/// 1 / (1 + exp(-x)), as exact for small as for large x.
inline double sigmoid_of(double x) {
  if (x >= 0) return 1 / (1 + std::exp(-x));
  const double e = std::exp(x);
  return e / (1 + e);
}

/// A probability from a score's logit: sigmoid(scale * logit + shift). Scale 1 and shift 0 leave a probability as it
/// is, to the last bit.
struct LogisticMap {
  double scale = 1;
  double shift = 0;

  double operator()(float score, ScoreKind kind) const {
    if (kind == ScoreKind::probability && scale == 1 && shift == 0) return static_cast<double>(score);
    return sigmoid_of(scale * logit_of(score, kind) + shift);
  }
  bool operator==(const LogisticMap&) const = default;
};

/// A probability from a score: straight lines between points, level beyond the first and the last. Without a point it
/// is the score itself, or a margin's sigmoid.
struct PiecewiseMap {
  std::vector<float> scores{};          ///< ascending, each but once
  std::vector<double> probabilities{};  ///< as many, never falling

  double operator()(float score, ScoreKind kind) const {
    if (scores.empty()) return kind == ScoreKind::margin ? sigmoid_of(score) : static_cast<double>(score);
    const auto above = static_cast<std::size_t>(std::ranges::upper_bound(scores, score) - scores.begin());
    if (above == 0) return probabilities.front();
    if (above == scores.size()) return probabilities.back();
    const double left = scores[above - 1], right = scores[above];
    const double share = (static_cast<double>(score) - left) / (right - left);
    return probabilities[above - 1] + share * (probabilities[above] - probabilities[above - 1]);
  }
  bool operator==(const PiecewiseMap&) const = default;
};

/// What a calibrator has fitted: a map for each label that makes its scores probabilities, each label on its own. What
/// the scores meant before (a margin, a share of one distribution) they then mean no more.
struct Calibration {
  std::string method{};                      ///< the calibrator in words, NAME[:FIELD=VALUE]...
  ScoreKind input = ScoreKind::probability;  ///< of the scores that it takes
  std::variant<std::vector<LogisticMap>, std::vector<PiecewiseMap>> maps{};  ///< (K)

  std::size_t labels() const {
    return std::visit([](const auto& all) { return all.size(); }, maps);
  }

  /// Replaces the scores of one picture, (K). NaN stays what it is.
  void apply(std::span<float> scores) const {
    std::visit(
        [&](const auto& all) {
          for (std::size_t k = 0; k < scores.size(); ++k) {
            if (!std::isnan(scores[k])) scores[k] = static_cast<float>(all[k](scores[k], input));
          }
        },
        maps);
  }

  /// (N, K) to (N, K). \throws DataError when it is not of K labels
  ScoreMatrix operator()(ScoreMatrix scores) const {
    if (labels() != static_cast<std::size_t>(scores.cols())) {
      throw DataError("the calibration is of " + std::to_string(labels()) + " labels, scores are of " +
                      std::to_string(scores.cols()));
    }
    for (Eigen::Index row = 0; row < scores.rows(); ++row) apply({scores.row(row).data(), labels()});
    return scores;
  }

  /// The validation set as its thresholds are to be chosen from: of probabilities, of which 0.5 parts yes from no.
  ValidationScores operator()(const ValidationScores& validation) const {
    return {validation.targets(), (*this)(validation.scores())};
  }

  bool operator==(const Calibration&) const = default;
};

}  // namespace tagger
