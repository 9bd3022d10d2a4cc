#pragma once

#include <algorithm>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include <tagger/backbone/feature_kind.hpp>
#include <tagger/error.hpp>
#include <tagger/loader/feature_file.hpp>

namespace tagger {

/// The features of a dataset's pictures, computed once: what a frozen backbone would give again and again.
struct FeatureTable {
  FeatureKind kind = FeatureKind::vector;
  std::vector<std::int64_t> shape;  ///< of one picture's: (P), (D, H, W) or (L, D)
  std::shared_ptr<const FeatureFile> file;
  std::vector<FeatureFile::Entry> entries;  ///< in the order of the dataset

  /// Copies the features of picture `index`. \throws ImageError when it could not be read
  void read(std::int64_t index, std::span<float> out) const {
    const auto& entry = entries[static_cast<std::size_t>(index)];
    if (entry.row < 0) throw ImageError(entry.reason);
    std::ranges::copy(file->row(entry.row), out.begin());
  }
};

}  // namespace tagger
