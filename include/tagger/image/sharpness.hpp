#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

#include <tagger/image/color.hpp>
#include <tagger/image/picture.hpp>

namespace tagger {
namespace detail {

/// Pillow's ImageFilter.SMOOTH: each pixel five times and its eight neighbours once, over 13, in float32 in Pillow's
/// order; the outermost pixels stay. The products come from tables, so that no compiler fuses them with the sums.
inline Picture smooth(const Picture& picture) {
  Picture result = picture;
  if (picture.width < 3 || picture.height < 3) return result;
  std::array<float, 256> once{}, five_times{};
  for (std::size_t v = 0; v < 256; ++v) {
    once[v] = static_cast<float>(v) * (1.0f / 13.0f);
    five_times[v] = static_cast<float>(v) * (5.0f / 13.0f);
  }
  const auto last = 3 * (static_cast<std::size_t>(picture.width) - 1);
  for (int y = 1; y < picture.height - 1; ++y) {
    const std::uint8_t *above = picture.row(y - 1), *here = picture.row(y), *below = picture.row(y + 1);
    std::uint8_t* const out = result.row(y);
    for (std::size_t x = 3; x < last; ++x) {
      const auto sum = [&](const std::uint8_t* row, const std::array<float, 256>& middle) {
        return once[row[x - 3]] + middle[row[x]] + once[row[x + 3]];
      };
      out[x] = static_cast<std::uint8_t>(0.5f + sum(below, once) + sum(here, five_times) + sum(above, once));
    }
  }
  return result;
}

}  // namespace detail

/// Blends with the smoothed picture: 0 is smooth, 1 the picture, more is sharper. Pillow's ImageEnhance.Sharpness.
/// \throws OptionError unless factor >= 0
inline Picture adjust_sharpness(Picture picture, double factor) {
  detail::check_factor(factor, "sharpness");
  const detail::Blend blend{factor};
  const Picture smooth = detail::smooth(picture);
  for (std::size_t i = 0; i < picture.rgb.size(); ++i) picture.rgb[i] = blend(smooth.rgb[i], picture.rgb[i]);
  return picture;
}

}  // namespace tagger
