#pragma once

#include <cstdint>
#include <string>
#include <utility>

#include <tagger/error.hpp>
#include <tagger/image/concept.hpp>
#include <tagger/image/picture.hpp>
#include <tagger/image/resample.hpp>
#include <tagger/random.hpp>

namespace tagger {
/// `picture` at width x height pixels: antialiased bilinear, in two passes that each round to 8 bits. Equals Pillow
/// 13's `Image.resize((width, height), BILINEAR)`, and so torchvision's Resize of a PIL image, to the bit. (Before
/// version 13 Pillow never took the vertical pass first; values of tall pictures differ from that by 1 here and there.)
/// \throws OptionError unless width and height are positive; ImageError for a picture without pixels
inline Picture resize(Picture picture, int width, int height) {
  if (width < 1 || height < 1) {
    throw OptionError("a picture cannot be resized to " + std::to_string(width) + "x" + std::to_string(height));
  }
  if (picture.rgb.empty()) throw ImageError("a picture without pixels cannot be resized");
  const std::int64_t fewer_rows = std::int64_t{picture.height} - height;
  const std::int64_t fewer_columns = std::int64_t{picture.width} - width;
  const bool vertical_first = fewer_rows > 0 && fewer_rows > 2 * fewer_columns;
  if (vertical_first) picture = detail::resample_height(picture, height);
  if (width != picture.width) picture = detail::resample_width(picture, width);
  if (height != picture.height) picture = detail::resample_height(picture, height);
  return picture;
}

/// The step that resizes to a fixed size. Models: PictureTransform
struct Resize {
  int width = 256;
  int height = 256;

  Picture operator()(Picture picture, Random&) const { return resize(std::move(picture), width, height); }
};

static_assert(PictureTransform<Resize>);

}  // namespace tagger
