#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>

#include <tagger/error.hpp>
#include <tagger/image/box.hpp>
#include <tagger/image/concept.hpp>
#include <tagger/image/picture.hpp>
#include <tagger/image/random_box.hpp>
#include <tagger/random.hpp>

namespace tagger {

/// The ranges and the probability are torchvision's.
struct RandomErasingOptions {
  double probability = 0.5;
  std::array<double, 2> scale{0.02, 0.33};  ///< of the picture's area that is erased: {low, high} within [0, 1]
  std::array<double, 2> ratio{0.3, 3.3};    ///< height : width of what is erased
  std::optional<Color> color{};             ///< that is put there; nothing: noise, the paper's best choice
};

/// Paints over a random rectangle with a probability. Noise is a random value in 0 to 255 for each channel of each
/// pixel. Nothing is erased where ten draws in a row do not fit into the picture.
/// Zhong et al., "Random erasing data augmentation", AAAI 2020. torchvision: RandomErasing (and its draw, from our
/// numbers). Models: PictureTransform
class RandomErasing {
 public:
  /// \throws OptionError for a probability outside [0, 1] or a range that is not one
  explicit RandomErasing(const RandomErasingOptions& options = {}) : options_(options) {
    if (!(options.probability >= 0 && options.probability <= 1)) {
      throw OptionError("RandomErasing: the probability " + std::to_string(options.probability) +
                        " is not from 0 to 1");
    }
    detail::check_shares("RandomErasing", options.scale, options.ratio);
  }

  /// What one draw erases of a picture of width x height; an empty box for nothing.
  Box draw(int width, int height, Random& random) const {
    for (int draw = 0; draw < detail::draws; ++draw) {
      const double area = static_cast<double>(width) * height;
      const auto [h, w] = detail::draw_sides(area, options_.scale, options_.ratio, random);
      if (w < width && h < height) return detail::place(w, h, width, height, random);
    }
    return {};
  }

  Picture operator()(Picture picture, Random& random) const {
    if (!random.chance(options_.probability)) return picture;
    const Box box = draw(picture.width, picture.height, random);
    if (options_.color) {
      paint(picture, box, *options_.color);
    } else {
      make_noise(picture, box, random);
    }
    return picture;
  }

 private:
  static void make_noise(Picture& picture, const Box& box, Random& random) {
    for (int y = box.top; y < box.top + box.height; ++y) {
      std::uint8_t* pixel = picture.row(y) + std::ptrdiff_t{3} * box.left;
      for (int x = 0; x < box.width; ++x, pixel += 3) {
        const std::uint32_t bits = random();
        for (int c = 0; c < 3; ++c) pixel[c] = static_cast<std::uint8_t>(bits >> (8 * c));
      }
    }
  }

  RandomErasingOptions options_;
};

static_assert(PictureTransform<RandomErasing>);

}  // namespace tagger
