#pragma once

#include <cmath>
#include <string>
#include <utility>

#include <tagger/error.hpp>
#include <tagger/image/center_crop.hpp>
#include <tagger/image/concept.hpp>
#include <tagger/image/crop_mode.hpp>
#include <tagger/image/interpolation.hpp>
#include <tagger/image/pad_to_square.hpp>
#include <tagger/image/picture.hpp>
#include <tagger/image/resize.hpp>
#include <tagger/image/resize_shorter_side.hpp>
#include <tagger/random.hpp>

namespace tagger {

struct ToSquareOptions {
  int size = 256;  ///< of both sides, pixels
  Interpolation interpolation = Interpolation::bilinear;
  CropMode crop_mode = CropMode::squash;
  double crop = 1;               ///< the share of a side that is kept, in (0, 1]; timm's crop_pct
  Color padding{255, 255, 255};  ///< of CropMode::pad
};

/// Makes the square that a network takes: resizes to size / crop pixels, rounded down, and keeps size x size in the
/// middle. To the bit what timm's transform for evaluation does with the same `interpolation`, `crop_pct` and
/// `crop_mode`; `pad` is what the WD taggers do. Models: PictureTransform
class ToSquare {
 public:
  /// \throws OptionError for a size that is not positive or a share outside (0, 1]
  explicit ToSquare(const ToSquareOptions& options) : options_(options) {
    if (options.size < 1) throw OptionError("ToSquare: the size " + std::to_string(options.size) + " is not positive");
    if (!(options.crop > 0 && options.crop <= 1)) {
      throw OptionError("ToSquare: crop " + std::to_string(options.crop) + " is not above 0 and at most 1");
    }
    const double before = std::floor(options.size / options.crop);
    if (before > 1 << 15) {
      throw OptionError("ToSquare: a crop of " + std::to_string(options.crop) + " makes pictures too large");
    }
    before_crop_ = static_cast<int>(before);
  }

  Picture operator()(Picture picture, Random& random) const {
    if (options_.crop_mode == CropMode::center) {
      picture = resize_shorter_side(std::move(picture), before_crop_, options_.interpolation);
    } else {
      if (options_.crop_mode == CropMode::pad) picture = PadToSquare{options_.padding}(std::move(picture), random);
      picture = resize(std::move(picture), before_crop_, before_crop_, options_.interpolation);
    }
    return CenterCrop{options_.size, options_.size}(std::move(picture), random);
  }

 private:
  ToSquareOptions options_;
  int before_crop_ = 0;
};

static_assert(PictureTransform<ToSquare>);

}  // namespace tagger
