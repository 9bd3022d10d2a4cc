#pragma once

#include <array>
#include <cmath>
#include <string>
#include <string_view>

#include <tagger/error.hpp>
#include <tagger/image/affine.hpp>
#include <tagger/image/concept.hpp>
#include <tagger/image/picture.hpp>
#include <tagger/random.hpp>

namespace tagger {

/// Ranges are {low, high}; what is left out does nothing.
struct RandomAffineOptions {
  std::array<double, 2> degrees{0, 0};    ///< of rotation
  std::array<double, 2> translate{0, 0};  ///< at most, either way, in parts of width and height: [0, 1]
  std::array<double, 2> scale{1, 1};      ///< > 0
  std::array<double, 2> shear_x{0, 0};    ///< degrees
  std::array<double, 2> shear_y{0, 0};    ///< degrees
  Color fill{};                           ///< where the picture does not reach
};

/// Rotates, moves, scales and shears at random about the centre, nearest neighbour, moving by whole pixels.
/// torchvision: RandomAffine with NEAREST. Models: PictureTransform
class RandomAffine {
 public:
  /// \throws OptionError for a range that is not one
  explicit RandomAffine(const RandomAffineOptions& options) : options_(options) {
    check("degrees", options.degrees, -HUGE_VAL);
    check("scale", options.scale, 0);
    check("shear_x", options.shear_x, -HUGE_VAL);
    check("shear_y", options.shear_y, -HUGE_VAL);
    if (!(options.scale[0] > 0)) throw OptionError("RandomAffine: scale begins at 0; it must be positive");
    for (const double part : options.translate) {
      if (!(part >= 0 && part <= 1)) {
        throw OptionError("RandomAffine: translate " + std::to_string(part) + " is not from 0 to 1");
      }
    }
  }

  /// The parameters of one draw for a picture of width x height.
  AffineParameters draw(int width, int height, Random& random) const {
    const auto between = [&](const std::array<double, 2>& range) { return random.uniform(range[0], range[1]); };
    const auto pixels = [&](double most) { return std::nearbyint(random.uniform(-most, most)); };
    AffineParameters parameters;
    parameters.angle = between(options_.degrees);
    parameters.translate[0] = pixels(options_.translate[0] * width);
    parameters.translate[1] = pixels(options_.translate[1] * height);
    parameters.scale = between(options_.scale);
    parameters.shear[0] = between(options_.shear_x);
    parameters.shear[1] = between(options_.shear_y);
    return parameters;
  }

  Picture operator()(Picture picture, Random& random) const {
    return affine(picture, draw(picture.width, picture.height, random), options_.fill);
  }

 private:
  static void check(std::string_view name, const std::array<double, 2>& range, double least) {
    if (std::isfinite(range[0]) && std::isfinite(range[1]) && range[0] <= range[1] && range[0] >= least) return;
    throw OptionError("RandomAffine: " + std::string(name) + " {" + std::to_string(range[0]) + ", " +
                      std::to_string(range[1]) + "} is not a range {low, high}");
  }

  RandomAffineOptions options_;
};

static_assert(PictureTransform<RandomAffine>);

}  // namespace tagger
