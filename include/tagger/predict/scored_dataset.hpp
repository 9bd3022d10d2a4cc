#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include <tagger/data/label.hpp>
#include <tagger/error.hpp>
#include <tagger/loader/broken_picture.hpp>

namespace tagger {

/// The scores of a dataset's readable pictures, in its order, beside their targets.
struct ScoredDataset {
  ScoreMatrix scores;                 ///< (N, K)
  LabelMatrix targets;                ///< (N, K)
  std::vector<std::int64_t> indices;  ///< (N), pictures of the dataset
  std::vector<BrokenPicture> broken;
};

/// \throws DataError when there is no picture, with the reason why the first could not be read
inline void check_any_scored(const ScoredDataset& scored) {
  if (!scored.indices.empty()) return;
  throw DataError("none of the " + std::to_string(scored.broken.size()) + " pictures could be read" +
                  (scored.broken.empty() ? "" : "; the first: " + scored.broken.front().reason));
}

}  // namespace tagger
