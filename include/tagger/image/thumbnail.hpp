#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <filesystem>
#include <vector>

#include <tagger/image/decode.hpp>
#include <tagger/image/encode.hpp>
#include <tagger/image/resize.hpp>

namespace tagger {

/// A JPEG of the picture at `path`, made smaller so that neither side is longer than `side` pixels.
/// \throws FileError, ImageError
inline std::vector<std::byte> thumbnail(const std::filesystem::path& path, int side, const DecodeOptions& decode = {}) {
  constexpr int quality = 80;
  const Picture picture = read_picture(path, decode);
  const double scale = std::min(1.0, static_cast<double>(side) / std::max(picture.width, picture.height));
  const auto scaled = [&](int size) { return std::max(1, static_cast<int>(std::lround(size * scale))); };
  return encode_jpeg(resize(picture, scaled(picture.width), scaled(picture.height)), quality);
}

}  // namespace tagger
