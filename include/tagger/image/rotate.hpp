#pragma once

#include <array>
#include <charconv>
#include <cmath>
#include <numbers>

#include <tagger/image/affine.hpp>
#include <tagger/image/picture.hpp>
#include <tagger/image/resample_weights.hpp>

namespace tagger {
namespace detail {

/// `value` to 15 decimal places, as Python's round() has it. \param value  of a magnitude below 10
inline double round15(double value) {
  std::array<char, 32> text{};
  const auto end = std::to_chars(text.data(), text.data() + text.size(), value, std::chars_format::fixed, 15).ptr;
  std::from_chars(text.data(), end, value);
  return value;
}

}  // namespace detail

/// `picture` turned by `angle` degrees counter-clockwise about its centre, nearest neighbour; what comes from outside
/// it is `fill`. Equals Pillow's `Image.rotate(angle, fillcolor=fill)` to the bit.
/// \throws OptionError for an angle that is not finite
inline Picture rotate(const Picture& picture, double angle, Color fill = {}) {
  double turn = std::fmod(angle, 360.0);  // as Python has the remainder
  if (turn < 0) turn += 360;
  const double radians = -(turn * (std::numbers::pi / 180));
  const double cosine = detail::round15(std::cos(radians)), sine = detail::round15(std::sin(radians));
  const double x = picture.width / 2.0, y = picture.height / 2.0;
  const double right = detail::rounded(cosine * -x) + detail::rounded(sine * -y) + x;
  const double down = detail::rounded(-sine * -x) + detail::rounded(cosine * -y) + y;
  return affine(picture, InverseAffine{cosine, sine, right, -sine, cosine, down}, fill);
}

}  // namespace tagger
