#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <span>
#include <vector>

#include <tagger/backbone/feature_kind.hpp>
#include <tagger/image/decode.hpp>
#include <tagger/image/transform.hpp>
#include <tagger/random.hpp>

namespace tagger {

/// Pictures without annotations.
/// Models: PictureSource.
struct PictureList {
  std::vector<std::filesystem::path> paths;
  Transform transform;
  DecodeOptions decode{};

  std::int64_t size() const { return static_cast<std::int64_t>(paths.size()); }
  std::int64_t label_count() const { return 0; }
  const std::filesystem::path& path(std::int64_t index) const { return paths[static_cast<std::size_t>(index)]; }
  std::vector<std::int64_t> item_shape() const { return {3, transform.height(), transform.width()}; }
  std::optional<FeatureKind> feature_kind() const { return std::nullopt; }

  /// \throws FileError, ImageError
  void read(std::int64_t index, Random random, std::span<float> out, Layout layout) const {
    transform(read_picture(path(index), decode), random, out, layout);
  }
  void targets(std::int64_t, std::span<std::int8_t>) const {}
};

}  // namespace tagger
