#pragma once

#include <cstddef>
#include <cstdint>

#include <tagger/image/picture.hpp>
#include <tagger/image/resample_avx2.hpp>
#include <tagger/image/resample_weights.hpp>

namespace tagger::detail {

/// Resamples along x; source and target have the same height.
inline void resample_along_x(const Picture& source, const ResampleWeights& axis, Picture& target) {
  for (int y = 0; y < target.height; ++y) {
    std::uint8_t* out = target.row(y);
    for (const auto& window : axis.windows) {
      const std::uint8_t* const from = source.row(y) + std::ptrdiff_t{3} * window.first;
      const std::int32_t* const weights = axis.weights.data() + window.offset;
      for (int c = 0; c < 3; ++c) *out++ = resample_value(from + c, 3, weights, window.count);
    }
  }
}

/// Resamples along y; source and target have the same width.
inline void resample_along_y(const Picture& source, const ResampleWeights& axis, Picture& target) {
  const std::ptrdiff_t length = std::ptrdiff_t{3} * source.width;
  for (int y = 0; y < target.height; ++y) {
    const auto& window = axis.windows[static_cast<std::size_t>(y)];
    const std::uint8_t* const from = source.row(window.first);
    const std::int32_t* const weights = axis.weights.data() + window.offset;
    std::uint8_t* const out = target.row(y);
    for (std::ptrdiff_t x = 0; x < length; ++x) out[x] = resample_value(from + x, length, weights, window.count);
  }
}

inline Picture resample_width(const Picture& source, int width) {
  Picture target(width, source.height);
  const ResampleWeights axis = resample_weights(source.width, width);
  // AVX2 takes the weights four times over, which a row of millions of pixels would make gigabytes.
  const bool fast = has_avx2() && axis.weights.size() < (std::size_t{1} << 20);
  fast ? resample_along_x_avx2(source, axis, target) : resample_along_x(source, axis, target);
  return target;
}

inline Picture resample_height(const Picture& source, int height) {
  Picture target(source.width, height);
  const ResampleWeights axis = resample_weights(source.height, height);
  has_avx2() ? resample_along_y_avx2(source, axis, target) : resample_along_y(source, axis, target);
  return target;
}

}  // namespace tagger::detail
