#pragma once

#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include <tagger/enum_named.hpp>
#include <tagger/error.hpp>
#include <tagger/image/picture.hpp>

namespace tagger {

/// Mean and standard deviation of ImageNet's channels (R, G, B) in [0, 1], which torchvision's weights expect.
inline constexpr std::array<float, 3> imagenet_mean{0.485f, 0.456f, 0.406f};
inline constexpr std::array<float, 3> imagenet_std{0.229f, 0.224f, 0.225f};

/// In which order the network takes the channels.
enum class ChannelOrder { rgb, bgr };

inline constexpr std::array<std::string_view, 2> channel_order_names{"rgb", "bgr"};

constexpr std::string_view channel_order_name(ChannelOrder order) {
  return channel_order_names[static_cast<std::size_t>(order)];
}

/// \throws OptionError, listing the valid names
inline ChannelOrder channel_order_named(std::string_view name) {
  return enum_named<ChannelOrder>("order of channels", name, channel_order_names);
}

/// How the floats of a picture lie: planar (C,H,W), or interleaved (H,W,C), which is PyTorch's channels_last.
enum class Layout { planar, interleaved };

/// Pixels to the network's input: (value / 255 - mean) / std in float32, a channel each. Equals torchvision's ToTensor
/// followed by Normalize to the bit. A network that takes values of 0 to 255 has mean 0 and std 1/255.
struct Normalize {
  std::array<float, 3> mean = imagenet_mean;  ///< of R, G, B, whatever the order of channels
  std::array<float, 3> std = imagenet_std;
  ChannelOrder channels = ChannelOrder::rgb;

  /// \throws OptionError when a mean is not finite or a std is not positive
  void validate() const {
    for (std::size_t c = 0; c < 3; ++c) {
      if (std::isfinite(mean[c]) && std::isfinite(std[c]) && std[c] > 0) continue;
      throw OptionError("Normalize: mean " + std::to_string(mean[c]) + " and std " + std::to_string(std[c]) +
                        " of channel " + std::to_string(c) + ": the mean must be finite and the std positive");
    }
  }

  /// \param out  3 * H * W floats
  /// \throws OptionError when `out` is of another size
  void operator()(const Picture& picture, std::span<float> out, Layout layout = Layout::planar) const {
    if (out.size() != picture.rgb.size()) {
      throw OptionError("Normalize: a picture of " + std::to_string(picture.rgb.size()) +
                        " values does not fit room for " + std::to_string(out.size()));
    }
    std::array<std::array<float, 256>, 3> table;
    for (std::size_t c = 0; c < 3; ++c) {
      for (std::size_t v = 0; v < 256; ++v) table[c][v] = (static_cast<float>(v) / 255.0f - mean[c]) / std[c];
    }
    const std::size_t pixels = picture.rgb.size() / 3;
    const std::size_t pixel_stride = layout == Layout::planar ? 1 : 3;
    const std::size_t channel_stride = layout == Layout::planar ? pixels : 1;
    const auto plane = [&](std::size_t c) {
      return out.data() + (channels == ChannelOrder::rgb ? c : 2 - c) * channel_stride;
    };
    float *red = plane(0), *green = plane(1), *blue = plane(2);
    const std::uint8_t* rgb = picture.rgb.data();
    // No loop over the channels: compilers do not unroll it before -O3, which doubles the time.
    for (std::size_t i = 0; i < pixels; ++i, rgb += 3) {
      red[i * pixel_stride] = table[0][rgb[0]];
      green[i * pixel_stride] = table[1][rgb[1]];
      blue[i * pixel_stride] = table[2][rgb[2]];
    }
  }
};

}  // namespace tagger
