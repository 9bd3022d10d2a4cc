#pragma once

#include <algorithm>
#include <cstdint>
#include <string>
#include <utility>

#include <tagger/error.hpp>
#include <tagger/image/concept.hpp>
#include <tagger/image/decode_options.hpp>
#include <tagger/image/interpolation.hpp>
#include <tagger/image/picture.hpp>
#include <tagger/image/resize.hpp>
#include <tagger/random.hpp>

namespace tagger {

/// `picture` with its shorter side at `size` pixels and the longer one in proportion, rounded down. Equals
/// torchvision's Resize with one size of a PIL image to the bit.
/// \throws OptionError unless size is positive; ImageError for a picture without pixels
inline Picture resize_shorter_side(Picture picture, int size, Interpolation interpolation = Interpolation::bilinear) {
  const auto [shorter, longer] = std::minmax(picture.width, picture.height);
  if (shorter < 1) throw ImageError("a picture without pixels cannot be resized");
  const std::int64_t longer_size = std::int64_t{size} * longer / shorter;
  if (longer_size > DecodeOptions{}.max_pixels / std::max(size, 1)) {
    throw ImageError("a picture of " + std::to_string(picture.width) + "x" + std::to_string(picture.height) +
                     " pixels is too long: with its shorter side at " + std::to_string(size) +
                     " the longer one would be " + std::to_string(longer_size));
  }
  const bool wide = picture.width > picture.height;
  const int other = static_cast<int>(longer_size);
  return resize(std::move(picture), wide ? other : size, wide ? size : other, interpolation);
}

/// The step that resizes the shorter side. torchvision: Resize with one size. Models: PictureTransform
struct ResizeShorterSide {
  int size = 256;
  Interpolation interpolation = Interpolation::bilinear;

  Picture operator()(Picture picture, Random&) const {
    return resize_shorter_side(std::move(picture), size, interpolation);
  }
};

static_assert(PictureTransform<ResizeShorterSide>);

}  // namespace tagger
