#pragma once

#include <cstdint>
#include <filesystem>
#include <span>
#include <vector>

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
  int width() const { return transform.width(); }
  int height() const { return transform.height(); }

  /// \throws FileError, ImageError
  void read(std::int64_t index, Random random, std::span<float> out, Layout layout) const {
    transform(read_picture(path(index), decode), random, out, layout);
  }
  void targets(std::int64_t, std::span<std::int8_t>) const {}
};

}  // namespace tagger
