#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <functional>
#include <limits>
#include <vector>

#include <tagger/data/label.hpp>
#include <tagger/threshold/cut.hpp>

namespace tagger {

/// The value above which there are `labels_per_picture` scores a picture, as nearly as ties allow: predictions are then
/// as many as labels were where that number was counted. It needs no labels of these pictures. Read et al., "Classifier
/// chains for multi-label classification", Machine Learning 85, 2011, equation 3.
/// \param scores  (N, K)
/// \returns halfway between the last score above and the first below; 0 without scores
inline double cardinality_threshold(const ScoreMatrix& scores, double labels_per_picture) {
  std::vector<float> values(scores.data(), scores.data() + scores.size());
  if (values.empty()) return 0;
  const auto wanted = std::clamp<double>(std::round(labels_per_picture * static_cast<double>(scores.rows())), 0,
                                         static_cast<double>(values.size()));
  const auto above = static_cast<std::ptrdiff_t>(wanted);
  if (above == std::ssize(values))
    return std::nextafter(*std::ranges::min_element(values), -std::numeric_limits<float>::infinity());
  std::ranges::nth_element(values, values.begin() + above, std::greater{});
  const float first_below = values[static_cast<std::size_t>(above)];
  if (above == 0) return first_below;
  const float last_above = *std::min_element(values.begin(), values.begin() + above);
  return static_cast<double>(halfway(last_above, first_below));
}

}  // namespace tagger
