#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>

#include <tagger/image/picture.hpp>

namespace tagger {

/// How a camera was held, as EXIF numbers it (CIPA DC-008, tag 0x0112): what has to be done to the stored pixels.
enum class Orientation {
  upright = 1,
  flip_horizontally = 2,
  rotate_180 = 3,
  flip_vertically = 4,
  transpose = 5,
  rotate_clockwise = 6,
  transverse = 7,
  rotate_counterclockwise = 8
};

/// The orientation in a block of EXIF (a TIFF structure, with or without "Exif\0\0" before it). Upright where there
/// is none, or where the block cannot be understood: a broken note does not spoil a picture.
inline Orientation exif_orientation(std::span<const std::byte> exif) {
  constexpr char prefix[] = {'E', 'x', 'i', 'f', 0, 0};
  if (exif.size() >= sizeof prefix && std::memcmp(exif.data(), prefix, sizeof prefix) == 0) {
    exif = exif.subspan(sizeof prefix);
  }
  if (exif.size() < 8) return Orientation::upright;
  const bool little = exif[0] == std::byte{'I'};
  const auto number = [&](std::size_t offset, std::size_t length) {
    std::uint32_t value = 0;
    for (std::size_t i = 0; i < length; ++i) {
      const auto byte = std::to_integer<std::uint32_t>(exif[offset + i]);
      value |= byte << 8 * (little ? i : length - 1 - i);
    }
    return value;
  };
  const bool marked = exif[0] == exif[1] && (little || exif[0] == std::byte{'M'}) && number(2, 2) == 42;
  const std::size_t directory = marked ? number(4, 4) : exif.size();
  if (directory > exif.size() - 2) return Orientation::upright;
  const std::size_t entries = number(directory, 2);
  for (std::size_t i = 0; i < entries; ++i) {
    const std::size_t entry = directory + 2 + 12 * i;
    if (entry + 12 > exif.size()) break;
    if (number(entry, 2) != 0x0112) continue;
    const bool is_short = number(entry + 2, 2) == 3;
    const std::uint32_t value = number(entry + 8, is_short ? 2 : 4);
    return value >= 1 && value <= 8 ? static_cast<Orientation>(value) : Orientation::upright;
  }
  return Orientation::upright;
}

/// The picture as it was seen: the stored pixels turned and mirrored as `orientation` says.
inline Picture upright(Picture picture, Orientation orientation) {
  if (orientation == Orientation::upright || picture.rgb.empty()) return picture;
  const bool swaps_axes = orientation >= Orientation::transpose;
  const int width = picture.width, height = picture.height;
  Picture turned = swaps_axes ? Picture(height, width) : Picture(width, height);
  // Where the pixel at the top left comes from, and how far the source moves with each step right and down.
  const bool from_right = orientation == Orientation::flip_horizontally || orientation == Orientation::rotate_180 ||
                          orientation == Orientation::transverse || orientation == Orientation::rotate_counterclockwise;
  const bool from_bottom = orientation == Orientation::rotate_180 || orientation == Orientation::flip_vertically ||
                           orientation == Orientation::rotate_clockwise || orientation == Orientation::transverse;
  const std::ptrdiff_t row = std::ptrdiff_t{3} * width;
  const std::ptrdiff_t along_x = from_right ? -3 : 3, along_y = from_bottom ? -row : row;
  const std::ptrdiff_t start = (from_right ? row - 3 : 0) + (from_bottom ? row * (height - 1) : 0);
  const std::ptrdiff_t right = swaps_axes ? along_y : along_x, down = swaps_axes ? along_x : along_y;
  std::uint8_t* out = turned.rgb.data();
  for (int y = 0; y < turned.height; ++y) {
    std::ptrdiff_t source = start + down * y;
    for (int x = 0; x < turned.width; ++x, source += right, out += 3) {
      std::memcpy(out, picture.rgb.data() + source, 3);
    }
  }
  return turned;
}

}  // namespace tagger
