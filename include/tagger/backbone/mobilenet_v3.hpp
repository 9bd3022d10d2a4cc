#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include <tagger/backbone/concept.hpp>
#include <tagger/backbone/mobile_blocks.hpp>

namespace tagger {

/// The shape of a MobileNetV3: its blocks, the channels of its map, and of what its classifier sees.
struct MobileNetV3Shape {
  std::vector<detail::MobileBlockShape> blocks;
  std::int64_t features;
  std::int64_t pooled_features;
};

/// MobileNetV3 to timm's keys: Howard et al., "Searching for MobileNetV3", ICCV 2019. Fresh weights are drawn as timm
/// draws them: He et al., 2015, fan out over groups, no bias.
/// (N, 3, H, W) to (N, 960 or 576, H / 32, W / 32); its own classifier sees a hidden layer of 1280 or 1024 after the
/// mean. (torchvision's files of these networks are of another epsilon in batch norm, 1e-3, and do not give the same
/// here.)
struct MobileNetV3 : torch::nn::Module {
  explicit MobileNetV3(const MobileNetV3Shape& shape) {
    const detail::MobileStyle style{};
    conv_stem = register_module("conv_stem", detail::MobileConv2d(style, 3, 16, 3, 2));
    bn1 = register_module("bn1", detail::mobile_norm(style, 16));
    blocks = {*this, style, shape.blocks, 16, /*others=*/1};
    const std::string last = "blocks." + std::to_string(detail::mobile_places(shape.blocks).back().stage + 1) + ".0";
    conv_last = detail::register_at(*this, last + ".conv",
                                    detail::MobileConv2d(style, shape.blocks.back().out, shape.features, 1));
    bn_last = detail::register_at(*this, last + ".bn1", detail::mobile_norm(style, shape.features));
    conv_head = register_module("conv_head",
                                torch::nn::Conv2d(torch::nn::Conv2dOptions(shape.features, shape.pooled_features, 1)));
    detail::draw_fresh_mobile(*this);
  }

  FeatureMap forward(const at::Tensor& images) {
    at::Tensor x = blocks(torch::hardswish(bn1(conv_stem(images))));
    x = torch::hardswish(bn_last(conv_last(x)));
    return {x, torch::hardswish(conv_head(x.mean({2, 3}, /*keepdim=*/true))).flatten(1)};
  }

  detail::MobileConv2d conv_stem{nullptr}, conv_last{nullptr};
  torch::nn::BatchNorm2d bn1{nullptr}, bn_last{nullptr};
  torch::nn::Conv2d conv_head{nullptr};
  detail::MobileBlocks blocks;
};

namespace detail {

/// Tables 1 and 2 of the paper. A squeezed layer has a quarter of the block's channels.
inline MobileBlockShape mobilenet_v3_block(std::int64_t kernel, std::int64_t width, std::int64_t out, bool squeezed,
                                           InPlace activation, std::int64_t stride) {
  return {kernel, stride, width, out, squeezed ? scaled_channels(width, 0.25) : 0, activation};
}

inline MobileNetV3Shape mobilenet_v3_large() {
  const auto block = mobilenet_v3_block;
  const InPlace relu = at::relu_, hard = at::hardswish_;
  return {
      .blocks = {block(3, 16, 16, false, relu, 1), block(3, 64, 24, false, relu, 2), block(3, 72, 24, false, relu, 1),
                 block(5, 72, 40, true, relu, 2), block(5, 120, 40, true, relu, 1), block(5, 120, 40, true, relu, 1),
                 block(3, 240, 80, false, hard, 2), block(3, 200, 80, false, hard, 1),
                 block(3, 184, 80, false, hard, 1), block(3, 184, 80, false, hard, 1),
                 block(3, 480, 112, true, hard, 1), block(3, 672, 112, true, hard, 1),
                 block(5, 672, 160, true, hard, 2), block(5, 960, 160, true, hard, 1),
                 block(5, 960, 160, true, hard, 1)},
      .features = 960,
      .pooled_features = 1280};
}

inline MobileNetV3Shape mobilenet_v3_small() {
  const auto block = mobilenet_v3_block;
  const InPlace relu = at::relu_, hard = at::hardswish_;
  return {
      .blocks = {block(3, 16, 16, true, relu, 2), block(3, 72, 24, false, relu, 2), block(3, 88, 24, false, relu, 1),
                 block(5, 96, 40, true, hard, 2), block(5, 240, 40, true, hard, 1), block(5, 240, 40, true, hard, 1),
                 block(5, 120, 48, true, hard, 1), block(5, 144, 48, true, hard, 1), block(5, 288, 96, true, hard, 2),
                 block(5, 576, 96, true, hard, 1), block(5, 576, 96, true, hard, 1)},
      .features = 576,
      .pooled_features = 1024};
}

inline BackboneSpec mobilenet_v3_spec(std::string name, const MobileNetV3Shape& shape,
                                      std::vector<KnownWeights> weights) {
  return {.name = std::move(name),
          .features = shape.features,
          .pooled_features = shape.pooled_features,
          .interpolation = Interpolation::bicubic,
          .first_conv = "conv_stem",
          .classifier = "classifier",
          .weights = std::move(weights)};
}

}  // namespace detail

struct MobileNetV3Large : MobileNetV3 {
  static BackboneSpec spec() {
    return detail::mobilenet_v3_spec("mobilenetv3_large_100", detail::mobilenet_v3_large(),
                                     {{"timm/mobilenetv3_large_100.ra_in1k", "apache-2.0", "ImageNet-1k"}});
  }
  MobileNetV3Large() : MobileNetV3(detail::mobilenet_v3_large()) {}
};
struct MobileNetV3Small : MobileNetV3 {
  static BackboneSpec spec() {
    return detail::mobilenet_v3_spec("mobilenetv3_small_100", detail::mobilenet_v3_small(),
                                     {{"timm/mobilenetv3_small_100.lamb_in1k", "apache-2.0", "ImageNet-1k"}});
  }
  MobileNetV3Small() : MobileNetV3(detail::mobilenet_v3_small()) {}
};

static_assert(Backbone<MobileNetV3Small>);

}  // namespace tagger
