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

template <class Filter>
Picture resample_width(const Picture& source, int width) {
  Picture target(width, source.height);
  const ResampleWeights axis = resample_weights<Filter>(source.width, width);
  // AVX2 takes the weights four times over, which a row of millions of pixels would make gigabytes.
  const bool fast = has_avx2() && axis.weights.size() < (std::size_t{1} << 20);
  fast ? resample_along_x_avx2(source, axis, target) : resample_along_x(source, axis, target);
  return target;
}

template <class Filter>
Picture resample_height(const Picture& source, int height) {
  Picture target(source.width, height);
  const ResampleWeights axis = resample_weights<Filter>(source.height, height);
  has_avx2() ? resample_along_y_avx2(source, axis, target) : resample_along_y(source, axis, target);
  return target;
}

/// In two passes that each round to 8 bits, in the order of Pillow 13: the vertical one first where that leaves less.
template <class Filter>
Picture resample(Picture picture, int width, int height) {
  const std::int64_t fewer_rows = std::int64_t{picture.height} - height;
  const std::int64_t fewer_columns = std::int64_t{picture.width} - width;
  const bool vertical_first = fewer_rows > 0 && fewer_rows > 2 * fewer_columns;
  if (vertical_first) picture = resample_height<Filter>(picture, height);
  if (width != picture.width) picture = resample_width<Filter>(picture, width);
  if (height != picture.height) picture = resample_height<Filter>(picture, height);
  return picture;
}

}  // namespace tagger::detail
