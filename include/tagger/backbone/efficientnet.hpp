#pragma once

#include <array>
#include <cmath>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include <tagger/backbone/concept.hpp>
#include <tagger/backbone/fresh_weights.hpp>
#include <tagger/backbone/mobile_blocks.hpp>

namespace tagger {

/// How far an EfficientNet is scaled from the smallest, and the picture size that goes with it.
struct EfficientNetShape {
  double width;
  double depth;
  int input_size;
  bool lite = false;  ///< ReLU6 for SiLU, no squeeze and excitation, stem and head and the depth of both ends unscaled
};

namespace detail {

/// One row of the architecture: repeats, kernel, stride, expansion, output channels, before scaling.
struct EfficientNetStage {
  int repeats;
  std::int64_t kernel;
  std::int64_t stride;
  std::int64_t expansion;
  std::int64_t channels;
};

inline constexpr std::array<EfficientNetStage, 7> efficientnet_stages{{{1, 3, 1, 1, 16},
                                                                       {2, 3, 2, 6, 24},
                                                                       {2, 5, 2, 6, 40},
                                                                       {3, 3, 2, 6, 80},
                                                                       {3, 5, 1, 6, 112},
                                                                       {4, 5, 2, 6, 192},
                                                                       {1, 3, 1, 6, 320}}};

/// Channels of the stem (32) and of the head (1280), after scaling.
inline std::int64_t efficientnet_end(const EfficientNetShape& shape, std::int64_t channels) {
  return shape.lite ? channels : scaled_channels(channels, shape.width);
}

inline std::vector<MobileBlockShape> efficientnet_blocks(const EfficientNetShape& shape) {
  std::vector<MobileBlockShape> blocks;
  std::int64_t in = efficientnet_end(shape, 32);
  for (const auto& stage : efficientnet_stages) {
    const bool fixed = shape.lite && (&stage == &efficientnet_stages.front() || &stage == &efficientnet_stages.back());
    const int repeats = fixed ? stage.repeats : static_cast<int>(std::ceil(shape.depth * stage.repeats));
    for (int repeat = 0; repeat < repeats; ++repeat) {
      blocks.push_back({.kernel = stage.kernel,
                        .stride = repeat == 0 ? stage.stride : 1,
                        .width = in * stage.expansion,
                        .out = scaled_channels(stage.channels, shape.width),
                        .squeezed = shape.lite ? 0 : in / 4,
                        .activation = shape.lite ? at::relu6_ : at::silu_});
      in = blocks.back().out;
    }
  }
  return blocks;
}

}  // namespace detail

/// EfficientNet to timm's keys: Tan and Le, "EfficientNet: rethinking model scaling for convolutional neural networks",
/// ICML 2019; and its Lite form, with TensorFlow's padding and batch norm. Fresh weights: He et al., 2015, fan out over
/// groups, no bias, as timm draws them.
/// (N, 3, H, W) to (N, 1280 width, H / 32, W / 32).
struct EfficientNet : torch::nn::Module {
  explicit EfficientNet(const EfficientNetShape& shape) {
    const detail::MobileStyle style = {.same_padding = shape.lite,
                                       .norm_epsilon = shape.lite ? 1e-3 : 1e-5,
                                       .squeeze = {"conv_reduce", "conv_expand", at::silu_, at::sigmoid_}};
    const std::int64_t stem = detail::efficientnet_end(shape, 32), head = detail::efficientnet_end(shape, 1280);
    const auto shapes = detail::efficientnet_blocks(shape);
    conv_stem = register_module("conv_stem", detail::MobileConv2d(style, 3, stem, 3, 2));
    bn1 = register_module("bn1", detail::mobile_norm(style, stem));
    blocks = {*this, style, shapes, stem};
    conv_head = register_module("conv_head", detail::MobileConv2d(style, shapes.back().out, head, 1));
    bn2 = register_module("bn2", detail::mobile_norm(style, head));
    activation = shapes.back().activation;
    detail::draw_fresh_mobile(*this);
  }

  FeatureMap forward(const at::Tensor& images) {
    at::Tensor x = bn1(conv_stem(images));
    x = bn2(conv_head(blocks(activation(x))));
    return {activation(x)};
  }

  detail::MobileConv2d conv_stem{nullptr}, conv_head{nullptr};
  torch::nn::BatchNorm2d bn1{nullptr}, bn2{nullptr};
  detail::MobileBlocks blocks;
  detail::InPlace activation = nullptr;
};

namespace detail {
inline BackboneSpec efficientnet_spec(std::string name, const EfficientNetShape& shape, KnownWeights weights) {
  return {.name = std::move(name),
          .features = efficientnet_end(shape, 1280),
          .input_size = shape.input_size,
          .interpolation = Interpolation::bicubic,
          .first_conv = "conv_stem",
          .classifier = "classifier",
          .weights = {std::move(weights)}};
}
}  // namespace detail

struct EfficientNetB0 : EfficientNet {
  static constexpr EfficientNetShape shape{.width = 1.0, .depth = 1.0, .input_size = 224};
  static BackboneSpec spec() {
    return detail::efficientnet_spec("efficientnet_b0", shape,
                                     {"timm/efficientnet_b0.ra_in1k", "apache-2.0", "ImageNet-1k"});
  }
  EfficientNetB0() : EfficientNet(shape) {}
};
struct EfficientNetB1 : EfficientNet {
  static constexpr EfficientNetShape shape{.width = 1.0, .depth = 1.1, .input_size = 224};
  static BackboneSpec spec() {
    return detail::efficientnet_spec("efficientnet_b1", shape,
                                     {"timm/efficientnet_b1.ft_in1k", "apache-2.0", "ImageNet-1k"});
  }
  EfficientNetB1() : EfficientNet(shape) {}
};
struct EfficientNetB2 : EfficientNet {
  static constexpr EfficientNetShape shape{.width = 1.1, .depth = 1.2, .input_size = 256};
  static BackboneSpec spec() {
    return detail::efficientnet_spec("efficientnet_b2", shape,
                                     {"timm/efficientnet_b2.ra_in1k", "apache-2.0", "ImageNet-1k"});
  }
  EfficientNetB2() : EfficientNet(shape) {}
};
struct EfficientNetB3 : EfficientNet {
  static constexpr EfficientNetShape shape{.width = 1.2, .depth = 1.4, .input_size = 288};
  static BackboneSpec spec() {
    return detail::efficientnet_spec("efficientnet_b3", shape,
                                     {"timm/efficientnet_b3.ra2_in1k", "apache-2.0", "ImageNet-1k"});
  }
  EfficientNetB3() : EfficientNet(shape) {}
};

static_assert(Backbone<EfficientNetB0>);

}  // namespace tagger
