#pragma once

#include <array>

#include <tagger/image/crop_mode.hpp>
#include <tagger/image/interpolation.hpp>
#include <tagger/image/normalize.hpp>
#include <tagger/image/picture.hpp>
#include <tagger/image/to_square.hpp>

namespace tagger {

/// What a network takes, in timm's words where it has them.
struct TransformOptions {
  int size = 256;  ///< of both sides, pixels
  std::array<float, 3> mean = imagenet_mean;
  std::array<float, 3> std = imagenet_std;
  Interpolation interpolation = Interpolation::bilinear;
  CropMode crop_mode = CropMode::squash;
  double crop = 1;               ///< the share of a side that is kept, in (0, 1]; timm's crop_pct
  Color padding{255, 255, 255};  ///< of CropMode::pad
  ChannelOrder channels = ChannelOrder::rgb;

  Normalize normalize() const { return {mean, std, channels}; }
  /// \throws OptionError for a size that is not positive or a share outside (0, 1]
  ToSquare to_square() const { return ToSquare{{size, interpolation, crop_mode, crop, padding}}; }
};

}  // namespace tagger
