#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string>

#include <tagger/error.hpp>
#include <tagger/image/concept.hpp>
#include <tagger/image/picture.hpp>
#include <tagger/random.hpp>

namespace tagger {

/// `picture` mirrored left to right.
inline Picture flip_horizontally(const Picture& picture) {
  Picture result(picture.width, picture.height);
  for (int y = 0; y < picture.height; ++y) {
    const std::uint8_t* from = picture.row(y);
    std::uint8_t* to = result.row(y) + std::ptrdiff_t{3} * picture.width;
    for (int x = 0; x < picture.width; ++x, from += 3) std::memcpy(to -= 3, from, 3);
  }
  return result;
}

/// Mirrors left to right with a probability. torchvision: RandomHorizontalFlip. Models: PictureTransform
class RandomHorizontalFlip {
 public:
  /// \throws OptionError for a probability outside [0, 1]
  explicit RandomHorizontalFlip(double probability = 0.5) : probability_(probability) {
    if (!(probability >= 0 && probability <= 1)) {
      throw OptionError("the probability of a flip, " + std::to_string(probability) + ", is not from 0 to 1");
    }
  }

  Picture operator()(Picture picture, Random& random) const {
    return random.chance(probability_) ? flip_horizontally(picture) : picture;
  }

 private:
  double probability_;
};

static_assert(PictureTransform<RandomHorizontalFlip>);

}  // namespace tagger
