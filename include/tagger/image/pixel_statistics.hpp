#pragma once

#include <array>
#include <string_view>

#include <tagger/image/normalize.hpp>

namespace tagger {

/// What pictures are normalised with: (x - mean) / std, x in [0, 1].
enum class PixelStatistics {
  backbone,  ///< what the backbone's weights were trained with
  imagenet,  ///< of ImageNet's pictures
  half,      ///< mean and deviation 0.5: x in [-1, 1]
  none       ///< mean 0, deviation 1: x stays as it is
};

inline constexpr std::array<std::string_view, 4> pixel_statistics_names{"backbone", "imagenet", "half", "none"};

/// \param own  the backbone's, of red, green and blue
constexpr std::array<float, 3> mean_of(PixelStatistics statistics, const std::array<float, 3>& own) {
  switch (statistics) {
    case PixelStatistics::imagenet:
      return imagenet_mean;
    case PixelStatistics::half:
      return {0.5f, 0.5f, 0.5f};
    case PixelStatistics::none:
      return {0, 0, 0};
    case PixelStatistics::backbone:
      break;
  }
  return own;
}

/// \param own  the backbone's, of red, green and blue
constexpr std::array<float, 3> std_of(PixelStatistics statistics, const std::array<float, 3>& own) {
  switch (statistics) {
    case PixelStatistics::imagenet:
      return imagenet_std;
    case PixelStatistics::half:
      return {0.5f, 0.5f, 0.5f};
    case PixelStatistics::none:
      return {1, 1, 1};
    case PixelStatistics::backbone:
      break;
  }
  return own;
}

}  // namespace tagger
