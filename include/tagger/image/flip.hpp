#pragma once

#include <algorithm>
#include <cstdint>
#include <string>
#include <utility>

#include <tagger/error.hpp>
#include <tagger/image/concept.hpp>
#include <tagger/image/picture.hpp>
#include <tagger/random.hpp>

namespace tagger {

/// `picture` mirrored left to right.
inline Picture flip_horizontally(Picture picture) {
  for (int y = 0; y < picture.height; ++y) {
    std::uint8_t* left = picture.row(y);
    std::uint8_t* right = left + 3 * (static_cast<std::ptrdiff_t>(picture.width) - 1);
    for (; left < right; left += 3, right -= 3) std::swap_ranges(left, left + 3, right);
  }
  return picture;
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
    return random.chance(probability_) ? flip_horizontally(std::move(picture)) : picture;
  }

 private:
  double probability_;
};

static_assert(PictureTransform<RandomHorizontalFlip>);

}  // namespace tagger
