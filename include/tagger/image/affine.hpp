#pragma once

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <cstring>
#include <numbers>
#include <string>

#include <tagger/error.hpp>
#include <tagger/image/box.hpp>
#include <tagger/image/picture.hpp>

namespace tagger {

/// What an affine transform does to a picture, about its centre.
struct AffineParameters {
  double angle = 0;                       ///< degrees, clockwise
  std::array<double, 2> translate{0, 0};  ///< pixels right, down
  double scale = 1;                       ///< > 0
  std::array<double, 2> shear{0, 0};      ///< degrees along x, y
};

/// (a, b, c, d, e, f): the output pixel (x, y) shows the input at (a x + b y + c, d x + e y + f).
using InverseAffine = std::array<double, 6>;

/// The inverse of translate * center * rotate * scale * shear * center^-1, as torchvision computes it
/// (`_get_inverse_affine_matrix`). \throws OptionError unless scale > 0
inline InverseAffine inverse_affine(const AffineParameters& parameters, std::array<double, 2> center) {
  if (!(parameters.scale > 0)) {
    throw OptionError("the scale of an affine transform, " + std::to_string(parameters.scale) + ", is not positive");
  }
  constexpr double degree = std::numbers::pi / 180;
  const double rotation = parameters.angle * degree;
  const double shear_x = parameters.shear[0] * degree, shear_y = parameters.shear[1] * degree;
  const double a = std::cos(rotation - shear_y) / std::cos(shear_y);
  const double b = -std::cos(rotation - shear_y) * std::tan(shear_x) / std::cos(shear_y) - std::sin(rotation);
  const double c = std::sin(rotation - shear_y) / std::cos(shear_y);
  const double d = -std::sin(rotation - shear_y) * std::tan(shear_x) / std::cos(shear_y) + std::cos(rotation);
  InverseAffine matrix{d, -b, 0, -c, a, 0};
  for (double& entry : matrix) entry /= parameters.scale;
  const double x = -center[0] - parameters.translate[0], y = -center[1] - parameters.translate[1];
  matrix[2] += matrix[0] * x + matrix[1] * y;
  matrix[5] += matrix[3] * x + matrix[4] * y;
  matrix[2] += center[0];
  matrix[5] += center[1];
  return matrix;
}

namespace detail {

/// A source coordinate that grows by a step a pixel, in 16.16 fixed point.
struct FixedAxis {
  std::int64_t start;
  std::int64_t step;
  std::int64_t end;  ///< of the source, exclusive, >= 1 pixel

  /// Shrinks [first, last) to the pixels where 0 <= start + x * step < end.
  void clip(std::int64_t& first, std::int64_t& last) const {
    const auto up = [](std::int64_t n, std::int64_t d) { return n <= 0 ? -(-n / d) : (n + d - 1) / d; };
    if (step == 0) {
      if (start < 0 || start >= end) last = first;
    } else if (step > 0) {
      first = std::max(first, up(-start, step));
      last = std::min(last, up(end - start, step));
    } else {
      first = std::max(first, up(start - end + 1, -step));
      last = std::min(last, up(start + 1, -step));
    }
  }
};

/// `value` in 16.16, cut to +-most so that no sum of it overflows for a picture of any size.
inline std::int64_t to_fixed(double value, double most) {
  return static_cast<std::int64_t>(std::floor(std::clamp(value, -most, most) * 65536.0 + 0.5));
}

inline void copy_pixel(const Picture& from, std::int64_t x, std::int64_t y, std::uint8_t* to) {
  std::memcpy(to, from.row(static_cast<int>(y)) + 3 * x, 3);
}

/// Pillow's way where nothing is rotated or sheared: coordinates are running sums in double.
inline void scale_nearest(const Picture& from, const InverseAffine& m, Picture& to) {
  const auto pixel = [](double v) { return v < 0 ? -1 : static_cast<int>(std::min(v, 2147483647.0)); };
  double source_y = m[5] + m[4] * 0.5;
  for (int y = 0; y < to.height; ++y, source_y += m[4]) {
    const int row = pixel(source_y);
    if (row < 0 || row >= from.height) continue;
    double source_x = m[2] + m[0] * 0.5;
    for (int x = 0; x < to.width; ++x, source_x += m[0]) {
      const int column = pixel(source_x);
      if (column >= 0 && column < from.width) copy_pixel(from, column, row, to.row(y) + std::ptrdiff_t{3} * x);
    }
  }
}

}  // namespace detail

/// `picture` under an affine transform, nearest neighbour; what comes from outside it is `fill`. Equals Pillow's
/// `Image.transform(size, AFFINE, matrix, NEAREST, fillcolor=fill)` to the bit where all source coordinates are within
/// +-32768 (Pillow's 16.16 fixed point).
/// \throws OptionError for a matrix with an entry that is not finite
inline Picture affine(const Picture& picture, const InverseAffine& matrix, Color fill = {}) {
  for (const double entry : matrix) {
    if (!std::isfinite(entry)) throw OptionError("an affine transform has an entry that is not a finite number");
  }
  Picture result(picture.width, picture.height);
  paint(result, {0, 0, result.width, result.height}, fill);
  if (result.rgb.empty()) return result;
  const auto& [a, b, c, d, e, f] = matrix;
  if (b == 0 && d == 0) {
    detail::scale_nearest(picture, matrix, result);
    return result;
  }
  constexpr double steepest = 0x1p+15, farthest = 0x1p+30;  // pixels a pixel, pixels
  const std::int64_t step_x = detail::to_fixed(a, steepest), step_y = detail::to_fixed(d, steepest);
  const std::int64_t down_x = detail::to_fixed(b, steepest), down_y = detail::to_fixed(e, steepest);
  std::int64_t start_x = detail::to_fixed(c + a * 0.5 + b * 0.5, farthest);
  std::int64_t start_y = detail::to_fixed(f + d * 0.5 + e * 0.5, farthest);
  for (int y = 0; y < result.height; ++y, start_x += down_x, start_y += down_y) {
    std::int64_t first = 0, last = result.width;
    detail::FixedAxis{start_x, step_x, std::int64_t{picture.width} << 16}.clip(first, last);
    detail::FixedAxis{start_y, step_y, std::int64_t{picture.height} << 16}.clip(first, last);
    std::int64_t source_x = start_x + first * step_x, source_y = start_y + first * step_y;
    std::uint8_t* out = result.row(y) + 3 * first;
    for (std::int64_t x = first; x < last; ++x, out += 3, source_x += step_x, source_y += step_y) {
      detail::copy_pixel(picture, source_x >> 16, source_y >> 16, out);
    }
  }
  return result;
}

/// `picture` turned, moved, scaled and sheared about its centre, as torchvision's `affine` does it to PIL images.
inline Picture affine(const Picture& picture, const AffineParameters& parameters, Color fill = {}) {
  return affine(picture, inverse_affine(parameters, {picture.width * 0.5, picture.height * 0.5}), fill);
}

}  // namespace tagger
