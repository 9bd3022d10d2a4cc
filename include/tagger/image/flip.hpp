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

/// `picture` mirrored top to bottom.
inline Picture flip_vertically(const Picture& picture) {
  Picture result(picture.width, picture.height);
  const std::size_t length = std::size_t{3} * static_cast<std::size_t>(picture.width);
  for (int y = 0; y < picture.height; ++y) std::memcpy(result.row(picture.height - 1 - y), picture.row(y), length);
  return result;
}

/// Mirrors with a probability. Models: PictureTransform
template <Picture (*flip)(const Picture&)>
class RandomFlip {
 public:
  /// \throws OptionError for a probability outside [0, 1]
  explicit RandomFlip(double probability = 0.5) : probability_(probability) {
    if (!(probability >= 0 && probability <= 1)) {
      throw OptionError("the probability of a flip, " + std::to_string(probability) + ", is not from 0 to 1");
    }
  }

  Picture operator()(Picture picture, Random& random) const {
    return random.chance(probability_) ? flip(picture) : picture;
  }

 private:
  double probability_;
};

using RandomHorizontalFlip = RandomFlip<flip_horizontally>;  ///< left to right; torchvision: RandomHorizontalFlip
using RandomVerticalFlip = RandomFlip<flip_vertically>;      ///< top to bottom; torchvision: RandomVerticalFlip

static_assert(PictureTransform<RandomHorizontalFlip>);

}  // namespace tagger
