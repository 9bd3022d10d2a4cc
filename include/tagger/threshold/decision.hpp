#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <iterator>
#include <limits>
#include <span>
#include <string>
#include <vector>

#include <tagger/data/label.hpp>
#include <tagger/error.hpp>

namespace tagger {

/// The threshold that every number passes.
inline constexpr double no_threshold = -std::numeric_limits<double>::infinity();

/// What makes labels of a picture's scores. A label is predicted where **score > threshold**, strictly, compared as
/// float32 (as Confusion does); NaN passes none. Of an exclusive group only the highest score that passes stays; of all
/// that then stay, the `top_k` highest. Of equal scores the label that comes first stays.
struct Decision {
  double threshold = 0.5;
  std::vector<float> thresholds{};  ///< (K), of each label, in place of `threshold`; empty: the same for all
  std::int64_t top_k = 0;           ///< how many labels a picture may have; 0: any number
  std::vector<std::vector<std::int64_t>> exclusive{};  ///< groups of labels of which a picture has at most one

  bool operator==(const Decision&) const = default;
};

/// (K): the threshold of each label, as it is compared.
inline std::vector<float> thresholds_of(const Decision& decision, std::size_t labels) {
  return decision.thresholds.empty() ? std::vector(labels, static_cast<float>(decision.threshold))
                                     : decision.thresholds;
}

namespace detail {

/// \throws DataError
inline void check_decision(const Decision& decision, std::size_t labels) {
  if (!decision.thresholds.empty() && decision.thresholds.size() != labels) {
    throw DataError("there are " + std::to_string(decision.thresholds.size()) + " thresholds for scores of " +
                    std::to_string(labels) + " labels");
  }
  for (const auto& group : decision.exclusive) {
    for (const std::int64_t label : group) {
      if (label >= 0 && label < static_cast<std::int64_t>(labels)) continue;
      throw DataError("an exclusive group has label " + std::to_string(label) + " of " + std::to_string(labels));
    }
  }
}

/// \param thresholds  (K), of thresholds_of()
inline void decide_row(std::span<const float> scores, const Decision& decision, std::span<const float> thresholds,
                       std::span<std::int8_t> predicted) {
  for (std::size_t k = 0; k < scores.size(); ++k) predicted[k] = scores[k] > thresholds[k];
  const auto before = [&](std::int64_t a, std::int64_t b) {
    const float left = scores[static_cast<std::size_t>(a)], right = scores[static_cast<std::size_t>(b)];
    return left > right || (left == right && a < b);
  };
  std::vector<std::int64_t> candidates;
  const auto keep = [&](std::int64_t count) {
    if (std::ssize(candidates) <= count) return;
    std::ranges::nth_element(candidates, candidates.begin() + count, before);
    for (auto each = candidates.begin() + count; each != candidates.end(); ++each) {
      predicted[static_cast<std::size_t>(*each)] = 0;
    }
  };
  for (const auto& group : decision.exclusive) {
    candidates.clear();
    for (const std::int64_t k : group) {
      if (predicted[static_cast<std::size_t>(k)] == 1) candidates.push_back(k);
    }
    keep(1);
  }
  if (decision.top_k <= 0) return;
  candidates.clear();
  for (std::int64_t k = 0; k < std::ssize(scores); ++k) {
    if (predicted[static_cast<std::size_t>(k)] == 1) candidates.push_back(k);
  }
  keep(decision.top_k);
}

}  // namespace detail

/// The labels of one picture.
/// \param scores  (K)
/// \returns (K): 1 predicted, 0 not
/// \throws DataError when `decision` is not one of K labels
inline std::vector<std::int8_t> decide(std::span<const float> scores, const Decision& decision) {
  detail::check_decision(decision, scores.size());
  std::vector<std::int8_t> predicted(scores.size());
  detail::decide_row(scores, decision, thresholds_of(decision, scores.size()), predicted);
  return predicted;
}

/// The labels of pictures, as Confusion::add takes them.
/// \param scores  (N, K)
/// \returns (N, K): 1 predicted, 0 not
/// \throws DataError when `decision` is not one of K labels
inline LabelMatrix decide(const ScoreMatrix& scores, const Decision& decision) {
  const auto labels = static_cast<std::size_t>(scores.cols());
  detail::check_decision(decision, labels);
  const std::vector<float> thresholds = thresholds_of(decision, labels);
  LabelMatrix predicted(scores.rows(), scores.cols());
  for (Eigen::Index row = 0; row < scores.rows(); ++row) {
    detail::decide_row({scores.row(row).data(), labels}, decision, thresholds, {predicted.row(row).data(), labels});
  }
  return predicted;
}

}  // namespace tagger
