#pragma once

#include <cstddef>
#include <functional>
#include <string>
#include <vector>

#include <tagger/data/label.hpp>
#include <tagger/error.hpp>

namespace tagger {

/// Annotated pictures and what a tagger says of them: what a page's curves, matrices and mistakes are computed from.
/// Unknown targets have no part in any of these.
struct PictureScores {
  std::vector<std::string> labels;  ///< (K)
  std::vector<std::string> images;  ///< (N), their names
  LabelMatrix targets;              ///< (N, K)
  ScoreMatrix scores;               ///< (N, K)
  LabelMatrix predictions;          ///< (N, K): 1 predicted, 0 not
  bool probabilities = true;        ///< whether scores lie in [0, 1] and can be compared with frequencies
};

/// The bytes of a small JPEG, PNG or WebP file of the picture in row `i`; none where it cannot be read.
using Thumbnails = std::function<std::vector<std::byte>(std::size_t i)>;

/// \throws DataError when the parts of `set` are not of the same N pictures and K labels
inline void check_shapes(const PictureScores& set) {
  const auto shape = [](std::size_t rows, std::size_t columns) {
    return "(" + std::to_string(rows) + ", " + std::to_string(columns) + ")";
  };
  const std::string expected = shape(set.images.size(), set.labels.size());
  const auto check = [&](const char* what, const auto& matrix) {
    const std::string found = shape(static_cast<std::size_t>(matrix.rows()), static_cast<std::size_t>(matrix.cols()));
    if (found == expected) return;
    throw DataError(std::string(what) + " are " + found + ", but there are names of pictures and labels for " +
                    expected);
  };
  check("targets", set.targets);
  check("scores", set.scores);
  check("predictions", set.predictions);
}

}  // namespace tagger
