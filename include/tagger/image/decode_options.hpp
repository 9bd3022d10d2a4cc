#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>

#include <tagger/error.hpp>

namespace tagger {

/// How pictures are decoded.
struct DecodeOptions {
  /// What shows through transparent pixels (RGB); white, as paper is.
  std::array<std::uint8_t, 3> background{255, 255, 255};
  /// A picture of more pixels is refused before any memory is taken for it. The default is the limit at which Pillow
  /// speaks of a decompression bomb.
  std::int64_t max_pixels = 178'956'970;
};

namespace detail {

/// \throws ImageError when a header promises no pixels, or more than the limit
inline void check_dimensions(std::int64_t width, std::int64_t height, const DecodeOptions& options) {
  const auto size = [&] { return std::to_string(width) + "x" + std::to_string(height) + " pixels"; };
  if (width < 1 || height < 1) throw ImageError("the header promises " + size());
  if (height > options.max_pixels / width) {
    throw ImageError(size() + " are over the limit of " + std::to_string(options.max_pixels) +
                     ": raise max_pixels if the picture is to be trusted");
  }
}

/// Pixels with alpha laid over `background`, each value rounded to the nearest: rgba (4 N) to rgb (3 N).
inline void flatten(std::span<const std::uint8_t> rgba, const std::array<std::uint8_t, 3>& background,
                    std::span<std::uint8_t> rgb) {
  for (std::size_t i = 0; 4 * i < rgba.size(); ++i) {
    const unsigned alpha = rgba[4 * i + 3];
    for (std::size_t c = 0; c < 3; ++c) {
      const unsigned sum = rgba[4 * i + c] * alpha + background[c] * (255 - alpha) + 128;
      rgb[3 * i + c] = static_cast<std::uint8_t>((sum + (sum >> 8)) >> 8);
    }
  }
}

}  // namespace detail
}  // namespace tagger
