#pragma once

#include <algorithm>
#include <array>
#include <cmath>
#include <string>

#include <tagger/error.hpp>
#include <tagger/image/box.hpp>
#include <tagger/image/concept.hpp>
#include <tagger/image/crop.hpp>
#include <tagger/image/interpolation.hpp>
#include <tagger/image/picture.hpp>
#include <tagger/image/random_box.hpp>
#include <tagger/image/resize.hpp>
#include <tagger/random.hpp>

namespace tagger {

struct RandomResizedCropOptions {
  int width = 224;
  int height = 224;
  std::array<double, 2> scale{0.08, 1};           ///< of the picture's area that is kept: {low, high} within [0, 1]
  std::array<double, 2> ratio{3. / 4., 4. / 3.};  ///< width : height of what is kept, before it is resized
  Interpolation interpolation = Interpolation::bilinear;
};

/// A random part of the picture, resized to a fixed size. Where ten draws in a row do not fit into the picture it is
/// the largest part in its middle whose ratio is allowed. Szegedy et al., "Going deeper with convolutions", CVPR 2015.
/// torchvision: RandomResizedCrop (and its draw, from our numbers). Models: PictureTransform
class RandomResizedCrop {
 public:
  /// \throws OptionError for a size that is not positive or a range that is not one
  explicit RandomResizedCrop(const RandomResizedCropOptions& options) : options_(options) {
    if (options.width < 1 || options.height < 1) {
      throw OptionError("RandomResizedCrop: the size " + std::to_string(options.width) + "x" +
                        std::to_string(options.height) + " is not positive");
    }
    detail::check_shares("RandomResizedCrop", options.scale, options.ratio);
  }

  /// What one draw keeps of a picture of width x height.
  Box draw(int width, int height, Random& random) const {
    for (int draw = 0; draw < detail::draws; ++draw) {
      const double area = static_cast<double>(width) * height;
      const auto [w, h] = detail::draw_sides(area, options_.scale, options_.ratio, random);
      if (w > 0 && w <= width && h > 0 && h <= height) return detail::place(w, h, width, height, random);
    }
    Box box{.width = width, .height = height};
    const double ratio = static_cast<double>(width) / height;
    const auto pixels = [](double length) { return std::max(static_cast<int>(std::nearbyint(length)), 1); };
    if (ratio < options_.ratio[0]) box.height = pixels(width / options_.ratio[0]);
    if (ratio > options_.ratio[1]) box.width = pixels(height * options_.ratio[1]);
    box.top = (height - box.height) / 2;
    box.left = (width - box.width) / 2;
    return box;
  }

  Picture operator()(Picture picture, Random& random) const {
    return resize(crop(picture, draw(picture.width, picture.height, random)), options_.width, options_.height,
                  options_.interpolation);
  }

 private:
  RandomResizedCropOptions options_;
};

static_assert(PictureTransform<RandomResizedCrop>);

}  // namespace tagger
