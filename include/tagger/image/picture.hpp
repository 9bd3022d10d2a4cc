#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace tagger {

/// RGB.
using Color = std::array<std::uint8_t, 3>;

/// An 8-bit RGB picture, (H, W, 3), rows without padding.
struct Picture {
  int width = 0;
  int height = 0;
  std::vector<std::uint8_t> rgb;

  Picture() = default;
  Picture(int width, int height)
      : width(width), height(height), rgb(3 * static_cast<std::size_t>(width) * static_cast<std::size_t>(height)) {}

  std::uint8_t* row(int y) { return rgb.data() + 3 * static_cast<std::size_t>(width) * static_cast<std::size_t>(y); }
  const std::uint8_t* row(int y) const {
    return rgb.data() + 3 * static_cast<std::size_t>(width) * static_cast<std::size_t>(y);
  }

  bool operator==(const Picture&) const = default;
};

}  // namespace tagger
