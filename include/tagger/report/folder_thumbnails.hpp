#pragma once

#include <cstddef>
#include <filesystem>
#include <string>
#include <utility>
#include <vector>

#include <tagger/error.hpp>
#include <tagger/image/decode_options.hpp>
#include <tagger/image/thumbnail.hpp>
#include <tagger/report/picture_scores.hpp>

namespace tagger {

/// Small JPEGs of the pictures `images` in `folder`, made when they are asked for.
/// \param side  the longer one, in pixels
inline Thumbnails folder_thumbnails(std::filesystem::path folder, std::vector<std::string> images,
                                    const DecodeOptions& decode = {}, int side = 200) {
  return [folder = std::move(folder), images = std::move(images), decode, side](std::size_t i) {
    try {
      return thumbnail(folder / images[i], side, decode);
    } catch (const Error&) {
      return std::vector<std::byte>{};
    }
  };
}

}  // namespace tagger
