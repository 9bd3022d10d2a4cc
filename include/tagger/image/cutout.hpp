#pragma once

#include <algorithm>
#include <cstdint>
#include <string>
#include <utility>

#include <tagger/error.hpp>
#include <tagger/image/box.hpp>
#include <tagger/image/concept.hpp>
#include <tagger/image/picture.hpp>
#include <tagger/random.hpp>

namespace tagger {

/// Paints over a rectangle about a random pixel, cut off at the picture's edges, in a random colour. Its sides are a
/// share of the picture's; with 0 it does nothing. DeVries and Taylor, "Improved regularization of convolutional neural
/// networks with cutout", arXiv:1708.04552, 2017; on square pictures to the pixel what the code of ASL and ML-Decoder
/// does (CutoutPIL). Models: PictureTransform
class Cutout {
 public:
  /// \throws OptionError for a share outside [0, 1]
  explicit Cutout(double share = 0.5) : share_(share) {
    if (!(share >= 0 && share <= 1)) {
      throw OptionError("Cutout: the share " + std::to_string(share) + " of a picture's sides is not from 0 to 1");
    }
  }

  /// What one draw paints over in a picture of width x height, both positive.
  Box draw(int width, int height, Random& random) const {
    const auto span = [&](int length) {
      const int half = static_cast<int>(share_ * length + 0.5) / 2;
      const int center = static_cast<int>(random.below(static_cast<std::uint64_t>(length)));
      const int first = std::max(center - half, 0), last = std::min(center + half, length - 1);
      return std::pair{first, last - first + 1};  // with both ends, as Pillow draws rectangles
    };
    const auto [top, rows] = span(height);
    const auto [left, columns] = span(width);
    return {left, top, columns, rows};
  }

  Picture operator()(Picture picture, Random& random) const {
    if (share_ == 0 || picture.rgb.empty()) return picture;
    const Box box = draw(picture.width, picture.height, random);
    Color color{};
    for (auto& value : color) value = static_cast<std::uint8_t>(random.below(256));
    paint(picture, box, color);
    return picture;
  }

 private:
  double share_;
};

static_assert(PictureTransform<Cutout>);

}  // namespace tagger
