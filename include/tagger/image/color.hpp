#pragma once

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>

#include <tagger/error.hpp>
#include <tagger/image/picture.hpp>
#include <tagger/image/resample_weights.hpp>

namespace tagger {
namespace detail {

/// ITU-R 601-2 luma, in Pillow's fixed point.
inline std::uint8_t luma(const std::uint8_t* rgb) {
  return static_cast<std::uint8_t>((rgb[0] * 19595u + rgb[1] * 38470u + rgb[2] * 7471u + 0x8000u) >> 16);
}

/// Pillow's Image.blend(from, to, factor): from + factor * (to - from) in float, cut to [0, 255]. The products come
/// from a table, so that no compiler fuses them with the sum.
class Blend {
 public:
  explicit Blend(double factor) {
    const float alpha = static_cast<float>(factor);
    for (int difference = -255; difference <= 255; ++difference) {
      products_[static_cast<std::size_t>(difference + 255)] = alpha * static_cast<float>(difference);
    }
  }
  std::uint8_t operator()(std::uint8_t from, std::uint8_t to) const {
    const float sum = static_cast<float>(from) + products_[static_cast<std::size_t>(to - from + 255)];
    return static_cast<std::uint8_t>(std::clamp(sum, 0.0f, 255.0f));
  }

 private:
  std::array<float, 511> products_;
};

/// Each value blended with one and the same grey.
inline Picture blend_with_grey(Picture picture, std::uint8_t grey, double factor) {
  const Blend blend{factor};
  std::array<std::uint8_t, 256> table;
  for (std::size_t v = 0; v < 256; ++v) table[v] = blend(grey, static_cast<std::uint8_t>(v));
  for (auto& value : picture.rgb) value = table[value];
  return picture;
}

inline void check_factor(double factor, const char* name) {
  if (factor >= 0 && std::isfinite(factor)) return;
  throw OptionError(std::string(name) + " factor " + std::to_string(factor) + " is not 0 or more");
}

/// Hue, saturation and value, 0 to 255 each, as Pillow's mode HSV has them.
inline std::array<std::uint8_t, 3> rgb_to_hsv(const std::uint8_t* rgb) {
  const std::uint8_t r = rgb[0], g = rgb[1], b = rgb[2];
  const std::uint8_t most = std::max({r, g, b}), least = std::min({r, g, b});
  if (most == least) return {0, 0, most};
  const float range = static_cast<float>(most - least);
  const float saturation = range / static_cast<float>(most);
  const float to_r = static_cast<float>(most - r) / range;
  const float to_g = static_cast<float>(most - g) / range;
  const float to_b = static_cast<float>(most - b) / range;
  float hue = r == most   ? to_b - to_g
              : g == most ? static_cast<float>(2.0 + to_r - to_b)
                          : static_cast<float>(4.0 + to_g - to_r);
  hue = static_cast<float>(std::fmod(hue / 6.0 + 1.0, 1.0));
  return {static_cast<std::uint8_t>(std::clamp(static_cast<int>(hue * 255.0), 0, 255)),
          static_cast<std::uint8_t>(std::clamp(static_cast<int>(saturation * 255.0), 0, 255)), most};
}

inline std::array<std::uint8_t, 3> hsv_to_rgb(const std::array<std::uint8_t, 3>& hsv) {
  const auto [hue, saturation, value] = hsv;
  if (saturation == 0) return {value, value, value};
  const int sector = static_cast<int>(std::floor(hue * 6.0 / 255.0));
  const float fraction = static_cast<float>(hue * 6.0 / 255.0 - sector);
  const float s = static_cast<float>(saturation / 255.0);
  const auto part = [v = value](double share) {
    return static_cast<std::uint8_t>(std::clamp(static_cast<int>(std::round(v * share)), 0, 255));
  };
  const std::uint8_t p = part(1.0 - s);
  const std::uint8_t q = part(1.0 - static_cast<double>(s * fraction));
  const std::uint8_t t = part(1.0 - rounded(s * (1.0 - fraction)));
  switch (sector % 6) {
    case 0:
      return {value, t, p};
    case 1:
      return {q, value, p};
    case 2:
      return {p, value, t};
    case 3:
      return {p, q, value};
    case 4:
      return {t, p, value};
    default:
      return {value, p, q};
  }
}

}  // namespace detail

/// Blends with black: 0 is black, 1 the picture, more is brighter. Pillow's ImageEnhance.Brightness.
/// \throws OptionError unless factor >= 0
inline Picture adjust_brightness(Picture picture, double factor) {
  detail::check_factor(factor, "brightness");
  return detail::blend_with_grey(std::move(picture), 0, factor);
}

/// Blends with the mean grey: 0 is grey, 1 the picture. Pillow's ImageEnhance.Contrast. \throws OptionError unless
/// factor >= 0
inline Picture adjust_contrast(Picture picture, double factor) {
  detail::check_factor(factor, "contrast");
  std::uint64_t sum = 0;
  for (std::size_t i = 0; i < picture.rgb.size(); i += 3) sum += detail::luma(picture.rgb.data() + i);
  const double mean = static_cast<double>(sum) / std::max<double>(static_cast<double>(picture.rgb.size() / 3), 1.0);
  return detail::blend_with_grey(std::move(picture), static_cast<std::uint8_t>(mean + 0.5), factor);
}

/// Blends with the grey picture: 0 is grey, 1 the picture, more is more colourful. Pillow's ImageEnhance.Color.
/// \throws OptionError unless factor >= 0
inline Picture adjust_saturation(Picture picture, double factor) {
  detail::check_factor(factor, "saturation");
  const detail::Blend blend{factor};
  for (std::size_t i = 0; i < picture.rgb.size(); i += 3) {
    std::uint8_t* const pixel = picture.rgb.data() + i;
    const std::uint8_t grey = detail::luma(pixel);
    for (std::size_t c = 0; c < 3; ++c) pixel[c] = blend(grey, pixel[c]);
  }
  return picture;
}

/// Turns the hue by `factor` of the circle, in [-0.5, 0.5], through Pillow's 8-bit HSV as torchvision does (so that 0
/// is not quite the identity). \throws OptionError for another factor
inline Picture adjust_hue(Picture picture, double factor) {
  if (!(factor >= -0.5 && factor <= 0.5)) {
    throw OptionError("hue factor " + std::to_string(factor) + " is not from -0.5 to 0.5");
  }
  const auto turn = static_cast<std::uint8_t>(static_cast<int>(factor * 255));
  for (std::size_t i = 0; i < picture.rgb.size(); i += 3) {
    auto hsv = detail::rgb_to_hsv(picture.rgb.data() + i);
    hsv[0] = static_cast<std::uint8_t>(hsv[0] + turn);
    const auto rgb = detail::hsv_to_rgb(hsv);
    std::copy(rgb.begin(), rgb.end(), picture.rgb.begin() + static_cast<std::ptrdiff_t>(i));
  }
  return picture;
}

}  // namespace tagger
