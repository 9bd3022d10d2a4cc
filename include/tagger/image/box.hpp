#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>

#include <tagger/image/picture.hpp>

namespace tagger {

/// A rectangle of pixels; (left, top) is its first.
struct Box {
  int left = 0;
  int top = 0;
  int width = 0;
  int height = 0;

  bool operator==(const Box&) const = default;
};

/// The part of `box` that lies in a picture of width x height; of no width or height where there is none.
inline Box within(const Box& box, int width, int height) {
  // Not std::clamp, which GCC 12 cannot optimize here: an internal error.
  const auto end = [](std::int64_t first, std::int64_t length, std::int64_t most) {
    return static_cast<int>(std::max(std::min(first + length, most), std::int64_t{0}));
  };
  const int left = std::clamp(box.left, 0, width), top = std::clamp(box.top, 0, height);
  return {left, top, std::max(end(box.left, box.width, width) - left, 0),
          std::max(end(box.top, box.height, height) - top, 0)};
}

/// Paints `box`, as far as it lies in `picture`.
inline void paint(Picture& picture, const Box& box, Color color) {
  const Box inside = within(box, picture.width, picture.height);
  for (int y = inside.top; y < inside.top + inside.height; ++y) {
    std::uint8_t* pixel = picture.row(y) + std::ptrdiff_t{3} * inside.left;
    for (int x = 0; x < inside.width; ++x, pixel += 3) std::memcpy(pixel, color.data(), 3);
  }
}

}  // namespace tagger
