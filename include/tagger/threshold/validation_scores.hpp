#pragma once

#include <cmath>
#include <string>
#include <utility>

#include <tagger/configurable.hpp>
#include <tagger/data/label.hpp>
#include <tagger/data/score_kind.hpp>
#include <tagger/error.hpp>

namespace tagger {

/// What thresholds and calibration are chosen from: scores of pictures that the tagger was not trained on, beside what
/// is known of their labels. Unknown targets have no part in any choice.
class ValidationScores {
 public:
  /// \param targets   (N, K): 1 yes, 0 no, -1 unknown
  /// \param scores    (N, K)
  /// \param fallback  the threshold where nothing is known: what the meaning of the scores implies
  /// \throws DataError when the shapes differ, when there is no picture, or for a score that is not finite or, among
  ///         probabilities, not in [0, 1]
  ValidationScores(LabelMatrix targets, ScoreMatrix scores, double fallback = 0.5,
                   ScoreKind kind = ScoreKind::probability)
      : targets_(std::move(targets)), scores_(std::move(scores)), fallback_(fallback), kind_(kind) {
    if (targets_.rows() != scores_.rows() || targets_.cols() != scores_.cols()) {
      throw DataError("targets are " + shape(targets_.rows(), targets_.cols()) + ", scores are " +
                      shape(scores_.rows(), scores_.cols()));
    }
    if (scores_.size() == 0) throw DataError("there is no picture to choose thresholds from");
    for (Eigen::Index row = 0; row < scores_.rows(); ++row) {
      for (Eigen::Index label = 0; label < scores_.cols(); ++label) {
        const float score = scores_(row, label);
        if (kind == ScoreKind::probability ? score >= 0 && score <= 1 : std::isfinite(score)) continue;
        throw DataError("", "scores" + shape(row, label),
                        detail::number_text(score) + " is no " + std::string(detail::field_text(kind)));
      }
    }
  }

  const LabelMatrix& targets() const { return targets_; }
  const ScoreMatrix& scores() const { return scores_; }
  double fallback() const { return fallback_; }
  ScoreKind kind() const { return kind_; }
  Eigen::Index pictures() const { return scores_.rows(); }
  Eigen::Index labels() const { return scores_.cols(); }

 private:
  static std::string shape(Eigen::Index n, Eigen::Index k) {
    return std::string("(").append(std::to_string(n)).append(", ").append(std::to_string(k)).append(")");
  }

  LabelMatrix targets_;
  ScoreMatrix scores_;
  double fallback_;
  ScoreKind kind_;
};

}  // namespace tagger
