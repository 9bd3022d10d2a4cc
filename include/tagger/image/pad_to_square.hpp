#pragma once

#include <algorithm>
#include <cstdint>
#include <string>

#include <tagger/error.hpp>
#include <tagger/image/concept.hpp>
#include <tagger/image/crop.hpp>
#include <tagger/image/decode_options.hpp>
#include <tagger/image/picture.hpp>
#include <tagger/random.hpp>

namespace tagger {

/// `picture` in the middle of a square of `fill`, whose side is the picture's longer one: what Pillow's
/// `paste(image, ((side - width) // 2, (side - height) // 2))` makes.
/// \throws ImageError where the square would have more pixels than a picture may have by default
inline Picture pad_to_square(const Picture& picture, Color fill) {
  const int side = std::max(picture.width, picture.height);
  if (std::int64_t{side} * side > DecodeOptions{}.max_pixels) {
    throw ImageError("a picture of " + std::to_string(picture.width) + "x" + std::to_string(picture.height) +
                     " pixels is too long to be made a square");
  }
  return crop(picture, {-((side - picture.width) / 2), -((side - picture.height) / 2), side, side}, fill);
}

/// The step that makes a square without losing anything of the picture. Models: PictureTransform
struct PadToSquare {
  Color fill{255, 255, 255};

  Picture operator()(Picture picture, Random&) const {
    return picture.width == picture.height ? picture : pad_to_square(picture, fill);
  }
};

static_assert(PictureTransform<PadToSquare>);

}  // namespace tagger
