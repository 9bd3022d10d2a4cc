#pragma once

#include <cstdint>
#include <limits>

#include <tagger/data/label.hpp>
#include <tagger/threshold/decision.hpp>

namespace tagger {

/// Predicts the `k` labels of each picture that score highest, of those that are known: metrics at k. Of equal scores
/// the label that comes first; fewer than k where fewer are known.
/// \param targets  (N, K)
/// \param scores   (N, K), finite
/// \returns (N, K): 1 predicted, 0 not
inline LabelMatrix top_k_predictions(const LabelMatrix& targets, const ScoreMatrix& scores, int k) {
  const ScoreMatrix known =
      (targets == static_cast<std::int8_t>(Label::unknown)).select(-std::numeric_limits<float>::infinity(), scores);
  return decide(known, {.threshold = no_threshold, .top_k = k});
}

}  // namespace tagger
