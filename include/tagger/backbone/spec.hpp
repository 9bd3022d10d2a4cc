#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <vector>

#include <tagger/weights/rename.hpp>

namespace tagger {

/// What a backbone expects of its pictures and how its weights are named: one row of the catalogue.
struct BackboneSpec {
  std::string name;                                   ///< torchvision's or timm's name
  std::int64_t features = 0;                          ///< D, the channels that a head sees
  int input_size = 224;                               ///< the side, in pixels, that known weights were trained at
  std::array<float, 3> mean{0.485f, 0.456f, 0.406f};  ///< of the channels, for pixels in [0, 1]
  std::array<float, 3> std{0.229f, 0.224f, 0.225f};
  std::string first_conv = "conv1";  ///< key of the first convolution
  std::string classifier = "fc";     ///< key of the classifier in published weights
  std::vector<Rename> renames{};     ///< other key layouts in which weights are published
};

}  // namespace tagger
