#pragma once

#include <cmath>
#include <utility>

#include <tagger/image/box.hpp>
#include <tagger/image/concept.hpp>
#include <tagger/image/crop.hpp>
#include <tagger/image/picture.hpp>
#include <tagger/random.hpp>

namespace tagger {

/// The middle width x height pixels of `picture`, with `fill` around where it has fewer. Equals torchvision's
/// CenterCrop. \throws OptionError unless width and height are positive
inline Picture center_crop(const Picture& picture, int width, int height, Color fill = {}) {
  const auto begin = [](int length, int wanted) {
    return wanted > length ? -((wanted - length) / 2) : static_cast<int>(std::nearbyint((length - wanted) / 2.0));
  };
  return crop(picture, {begin(picture.width, width), begin(picture.height, height), width, height}, fill);
}

/// The step that keeps the middle. torchvision: CenterCrop. Models: PictureTransform
struct CenterCrop {
  int width = 224;
  int height = 224;
  Color fill{};  ///< around a picture that is smaller

  Picture operator()(Picture picture, Random&) const {
    if (picture.width == width && picture.height == height) return picture;
    return center_crop(picture, width, height, fill);
  }
};

static_assert(PictureTransform<CenterCrop>);

}  // namespace tagger
