#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <span>
#include <system_error>
#include <vector>

#include <tagger/backbone/feature_kind.hpp>
#include <tagger/data/annotations.hpp>
#include <tagger/error.hpp>
#include <tagger/image/decode.hpp>
#include <tagger/image/transform.hpp>
#include <tagger/loader/feature_table.hpp>
#include <tagger/random.hpp>

namespace tagger {

/// Annotated pictures, the folder they lie in and what is done to each on its way to the network.
/// Models: PictureSource.
struct Dataset {
  Annotations annotations;
  std::filesystem::path folder;
  Transform transform;
  DecodeOptions decode{};
  std::shared_ptr<const FeatureTable> features{};  ///< instead of the pictures: see cache_features()

  std::int64_t size() const { return static_cast<std::int64_t>(annotations.size()); }
  std::int64_t label_count() const { return static_cast<std::int64_t>(annotations.labels().size()); }
  std::filesystem::path path(std::int64_t index) const {
    return folder / annotations.samples()[static_cast<std::size_t>(index)].image_name;
  }

  /// \throws FileError when the folder of pictures is not there: better said once than of every picture
  void check_folder() const {
    std::error_code error;
    if (std::filesystem::is_directory(folder, error)) return;
    throw FileError(folder, "", "there is no such folder of pictures");
  }

  std::vector<std::int64_t> item_shape() const {
    if (features) return features->shape;
    return {3, transform.height(), transform.width()};
  }
  std::optional<FeatureKind> feature_kind() const { return features ? std::optional(features->kind) : std::nullopt; }

  /// Decodes picture `index` and writes it, transformed, to `out`: 3 * height * width floats; or its features.
  /// \throws FileError, ImageError
  void read(std::int64_t index, Random random, std::span<float> out, Layout layout) const {
    if (features) return features->read(index, out);
    transform(read_picture(path(index), decode), random, out, layout);
  }

  /// Writes the values of Label of picture `index`: K of them.
  void targets(std::int64_t index, std::span<std::int8_t> out) const {
    annotations.samples()[static_cast<std::size_t>(index)].targets(out);
  }
};

}  // namespace tagger
