#pragma once

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include <tagger/data/label.hpp>
#include <tagger/error.hpp>
#include <tagger/metrics/ranking.hpp>

namespace tagger {

/// What is evaluated: pictures' targets, scores, and what was predicted of the scores, (N, K) each. It refers to
/// matrices that must outlive it.
struct ScoredPictures {
  const LabelMatrix& targets;
  const ScoreMatrix& scores;
  const LabelMatrix& predictions;  ///< 1 predicted, 0 not

  Eigen::Index pictures() const { return targets.rows(); }
  Eigen::Index labels() const { return targets.cols(); }
};

/// \param labels  (K): their names
/// \throws DataError when shapes differ, a score is not finite, or `probabilities` and one is not in [0, 1]
inline void check_scored_pictures(const ScoredPictures& scored, const std::vector<std::string>& labels,
                                  bool probabilities) {
  const auto shape = [](const auto& matrix) {
    return "(" + std::to_string(matrix.rows()) + ", " + std::to_string(matrix.cols()) + ")";
  };
  const auto check_shape = [&](const char* what, const auto& matrix) {
    if (matrix.rows() == scored.pictures() && matrix.cols() == scored.labels()) return;
    throw DataError("targets are " + shape(scored.targets) + ", " + what + " are " + shape(matrix));
  };
  check_shape("scores", scored.scores);
  check_shape("predictions", scored.predictions);
  if (static_cast<Eigen::Index>(labels.size()) != scored.labels()) {
    throw DataError("there are " + std::to_string(labels.size()) + " label names for targets " + shape(scored.targets));
  }
  const float* const scores = scored.scores.data();
  for (Eigen::Index i = 0; i < scored.scores.size(); ++i) {
    const bool fits = probabilities ? scores[i] >= 0 && scores[i] <= 1 : std::isfinite(scores[i]);
    if (fits) continue;
    throw DataError("picture " + std::to_string(i / scored.labels()) + " has the score " + std::to_string(scores[i]) +
                    " for label \"" + labels[static_cast<std::size_t>(i % scored.labels())] + "\"; " +
                    (probabilities ? "a probability in [0, 1]" : "a finite number") + " is needed");
  }
}

namespace detail {

inline void rank_entry(const ScoredPictures& scored, Eigen::Index picture, Eigen::Index label, RankedScores& ranking) {
  const auto target = static_cast<Label>(scored.targets(picture, label));
  if (target != Label::unknown) ranking.add(scored.scores(picture, label), target == Label::yes, picture);
}

/// The known entries of a label in order. \param scratch  reused from call to call, as `ranking`
inline void rank_label(const ScoredPictures& scored, Eigen::Index label, RankedScores& ranking,
                       std::vector<std::uint64_t>& scratch) {
  ranking.clear();
  for (Eigen::Index picture = 0; picture < scored.pictures(); ++picture) rank_entry(scored, picture, label, ranking);
  ranking.sort(scratch);
}

/// Those of a picture.
inline void rank_picture(const ScoredPictures& scored, Eigen::Index picture, RankedScores& ranking,
                         std::vector<std::uint64_t>& scratch) {
  ranking.clear();
  for (Eigen::Index label = 0; label < scored.labels(); ++label) rank_entry(scored, picture, label, ranking);
  ranking.sort(scratch);
}

/// All of them.
inline RankedScores rank_everything(const ScoredPictures& scored) {
  RankedScores ranking;
  std::vector<std::uint64_t> scratch;
  ranking.reserve(static_cast<std::size_t>(scored.targets.size()));
  for (Eigen::Index picture = 0; picture < scored.pictures(); ++picture) {
    for (Eigen::Index label = 0; label < scored.labels(); ++label) rank_entry(scored, picture, label, ranking);
  }
  ranking.sort(scratch);
  return ranking;
}

}  // namespace detail
}  // namespace tagger
