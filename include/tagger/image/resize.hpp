#pragma once

#include <string>
#include <utility>

#include <tagger/error.hpp>
#include <tagger/image/affine.hpp>
#include <tagger/image/concept.hpp>
#include <tagger/image/interpolation.hpp>
#include <tagger/image/picture.hpp>
#include <tagger/image/resample.hpp>
#include <tagger/random.hpp>

namespace tagger {

/// `picture` at width x height pixels. Bilinear and bicubic are antialiased, in two passes that each round to 8 bits.
/// Equals Pillow 13's `Image.resize((width, height), ...)`, and so torchvision's Resize of a PIL image, to the bit.
/// (Before version 13 Pillow never took the vertical pass first; values of tall pictures differ from that by 1 here and
/// there.)
/// \throws OptionError unless width and height are positive; ImageError for a picture without pixels
inline Picture resize(Picture picture, int width, int height, Interpolation interpolation = Interpolation::bilinear) {
  if (width < 1 || height < 1) {
    throw OptionError("a picture cannot be resized to " + std::to_string(width) + "x" + std::to_string(height));
  }
  if (picture.rgb.empty()) throw ImageError("a picture without pixels cannot be resized");
  switch (interpolation) {
    case Interpolation::nearest: {
      Picture result(width, height);
      const double step_x = static_cast<double>(picture.width) / width;
      const double step_y = static_cast<double>(picture.height) / height;
      detail::scale_nearest(picture, {step_x, 0, 0, 0, step_y, 0}, result);
      return result;
    }
    case Interpolation::bicubic:
      return detail::resample<detail::BicubicFilter>(std::move(picture), width, height);
    default:
      return detail::resample<detail::BilinearFilter>(std::move(picture), width, height);
  }
}

/// The step that resizes to a fixed size. torchvision: Resize with two sizes. Models: PictureTransform
struct Resize {
  int width = 256;
  int height = 256;
  Interpolation interpolation = Interpolation::bilinear;

  Picture operator()(Picture picture, Random&) const {
    return resize(std::move(picture), width, height, interpolation);
  }
};

static_assert(PictureTransform<Resize>);

}  // namespace tagger
