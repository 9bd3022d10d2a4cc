#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string>
#include <vector>

#include <tagger/error.hpp>
#include <tagger/image/concept.hpp>
#include <tagger/image/picture.hpp>
#include <tagger/image/resample.hpp>
#include <tagger/random.hpp>

namespace tagger {
namespace detail {

/// Pixel rows with room behind each of them, so that vectors may read and write a few bytes too far.
struct PaddedRows {
  static constexpr std::size_t padding = 8;

  PaddedRows(int width, int height)
      : stride(3 * static_cast<std::size_t>(width) + padding), bytes(stride * static_cast<std::size_t>(height)) {}
  std::uint8_t* row(int y) { return bytes.data() + stride * static_cast<std::size_t>(y); }

  std::size_t stride;
  std::vector<std::uint8_t> bytes;
};

[[gnu::always_inline]] inline void resize_passes(const Picture& source, Picture& target) {
  const int height = source.height, width = target.width;
  const std::size_t length = 3 * static_cast<std::size_t>(width);
  PaddedRows narrow(width, height);
  if (source.width == width) {
    for (int y = 0; y < height; ++y) std::memcpy(narrow.row(y), source.row(y), length);
  } else {
    const ResampleWeights axis = resample_weights(source.width, width);
    PaddedRows last(source.width, 1), unused(width, 1);
    std::memcpy(last.row(0), source.row(height - 1), 3 * static_cast<std::size_t>(source.width));
    const auto row = [&](int y) { return y < height - 1 ? source.row(y) : last.row(0); };
    for (int y = 0; y < height; y += 2) {
      resample_two_rows(row(y), row(y + 1), axis, narrow.row(y), y + 1 < height ? narrow.row(y + 1) : unused.row(0));
    }
  }
  if (height == target.height) {
    for (int y = 0; y < height; ++y) std::memcpy(target.row(y), narrow.row(y), length);
    return;
  }
  const ResampleWeights axis = resample_weights(height, target.height);
  PaddedRows line(width, 1);
  for (int y = 0; y < target.height; ++y) {
    const auto& window = axis.windows[static_cast<std::size_t>(y)];
    resample_column({narrow.row(window.first), static_cast<std::ptrdiff_t>(narrow.stride)},
                    axis.weights.data() + window.offset, window.count, static_cast<std::ptrdiff_t>(length),
                    line.row(0));
    std::memcpy(target.row(y), line.row(0), length);
  }
}

#if defined(__x86_64__)
[[gnu::target("avx2")]] inline void resize_passes_avx2(const Picture& source, Picture& target) {
  resize_passes(source, target);
}
#endif

}  // namespace detail

/// `picture` at width x height pixels: antialiased bilinear, in two passes of 8-bit fixed point, horizontal first.
/// Equals Pillow's `Image.resize((width, height), BILINEAR)`, and so torchvision's Resize of a PIL image, to the bit.
/// \throws OptionError unless width and height are positive; ImageError for a picture without pixels
inline Picture resize(const Picture& picture, int width, int height) {
  if (width < 1 || height < 1) {
    throw OptionError("a picture cannot be resized to " + std::to_string(width) + "x" + std::to_string(height));
  }
  if (picture.rgb.empty()) throw ImageError("a picture without pixels cannot be resized");
  if (picture.width == width && picture.height == height) return picture;
  Picture target(width, height);
#if defined(__x86_64__)
  if (__builtin_cpu_supports("avx2")) {
    detail::resize_passes_avx2(picture, target);
    return target;
  }
#endif
  detail::resize_passes(picture, target);
  return target;
}

/// The step that resizes to a fixed size. Models: PictureTransform
struct Resize {
  int width = 256;
  int height = 256;

  Picture operator()(Picture picture, Random&) const {
    if (picture.width == width && picture.height == height) return picture;
    return resize(picture, width, height);
  }
};

static_assert(PictureTransform<Resize>);

}  // namespace tagger
