#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include <tagger/image/interpolation.hpp>
#include <tagger/weights/rename.hpp>

namespace tagger {

/// Weights that are published for a backbone.
struct KnownWeights {
  std::string source;   ///< where they are: a package, a model of a hub, an address
  std::string license;  ///< as the source names it
  std::string data;     ///< what they were trained on
};

/// What a backbone expects of its pictures and how its weights are named: one row of the catalogue.
struct BackboneSpec {
  std::string name;                                   ///< torchvision's or timm's name
  std::int64_t features = 0;                          ///< D, the channels of its map or tokens
  std::int64_t pooled_features = 0;                   ///< P, what its own classifier sees; 0: D
  int input_size = 224;                               ///< the side, in pixels, that known weights were trained at
  int size_multiple = 1;                              ///< a picture's side must be a multiple of this
  std::array<float, 3> mean{0.485f, 0.456f, 0.406f};  ///< of the channels, for pixels in [0, 1]
  std::array<float, 3> std{0.229f, 0.224f, 0.225f};
  Interpolation interpolation = Interpolation::bilinear;  ///< that known weights were trained with
  double crop = 0.875;               ///< the share of a picture's side that known weights were evaluated on
  std::string first_conv = "conv1";  ///< key of the first convolution
  std::string classifier = "fc";     ///< key of the classifier in published weights
  std::vector<Rename> renames{};     ///< other key layouts in which weights are published
  std::vector<KnownWeights> weights{};
};

/// What a backbone can be told when it is made.
struct BackboneOptions {
  int input_size = 0;  ///< the side of pictures, in pixels, where the network depends on it; 0: the specification's
  std::optional<double> drop_path{};  ///< rate of set_drop_path(); empty: the network's own, 0.1 of Swin, 0 of others
};

}  // namespace tagger
