#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include <torch/nn/init.h>
#include <torch/nn/modules/conv.h>

#include <tagger/backbone/concept.hpp>
#include <tagger/backbone/drop_path.hpp>
#include <tagger/backbone/keyed_module.hpp>
#include <tagger/backbone/layer_norm.hpp>

namespace tagger {

/// The shape of a ConvNeXt: blocks and channels of each of the four stages.
struct ConvNeXtShape {
  std::array<int, 4> depths;
  std::array<std::int64_t, 4> widths;
  bool response_norm = false;           ///< V2: global response normalisation, and no layer scale
  bool pointwise_convolutions = false;  ///< timm's small V2 hold their linear layers as convolutions, (O, I, 1, 1)
  bool gelu_by_tanh = false;            ///< with the approximation of GELU that JAX takes
};

namespace detail {

inline LayerNorm convnext_norm(std::int64_t channels) { return LayerNorm(channels, 1e-6); }

inline torch::nn::Conv2d convnext_conv(const torch::nn::Conv2dOptions& options) {
  torch::nn::Conv2d conv(options);
  torch::nn::init::normal_(conv->weight, 0, 0.02);
  torch::nn::init::zeros_(conv->bias);
  return conv;
}

/// Patches of `size` x `size` pixels, side by side, to a pixel each.
inline torch::nn::Conv2d patches(std::int64_t in, std::int64_t out, std::int64_t size) {
  return convnext_conv(torch::nn::Conv2dOptions(in, out, size).stride(size));
}

/// A linear layer over the last dimension, whose weight may be that of a 1x1 convolution.
struct PointwiseImpl : torch::nn::Module {
  PointwiseImpl(std::int64_t in, std::int64_t out, bool convolution)
      : weight(register_parameter(
            "weight", torch::empty(convolution ? std::vector<std::int64_t>{out, in, 1, 1} : std::vector{out, in}))),
        bias(register_parameter("bias", torch::zeros({out}))) {
    torch::nn::init::normal_(weight, 0, 0.02);
  }

  at::Tensor forward(const at::Tensor& input) { return torch::linear(input, weight.flatten(1), bias); }

  at::Tensor weight, bias;
};
TORCH_MODULE(Pointwise);

/// Global response normalisation of (N, H, W, C): x + weight * x * g / mean of g over the channels + bias, where g is a
/// channel's Euclidean norm over the picture.
struct ResponseNormImpl : torch::nn::Module {
  explicit ResponseNormImpl(std::int64_t channels)
      : weight(register_parameter("weight", torch::zeros({channels}))),
        bias(register_parameter("bias", torch::zeros({channels}))) {}

  at::Tensor forward(const at::Tensor& input) {
    const at::Tensor norm = input.norm(2, {1, 2}, /*keepdim=*/true);
    return torch::addcmul(bias, input, 1 + weight * norm / (norm.mean(-1, /*keepdim=*/true) + 1e-6));
  }

  at::Tensor weight, bias;
};
TORCH_MODULE(ResponseNorm);

/// x + gamma * fc2(response norm(GELU(fc1(norm(7x7 depthwise(x)))))), without gamma or without response norm.
struct ConvNeXtBlock : ResidualModule {
  ConvNeXtBlock(const ConvNeXtShape& shape, std::int64_t width) : gelu(shape.gelu_by_tanh ? "tanh" : "none") {
    conv_dw =
        register_module("conv_dw", convnext_conv(torch::nn::Conv2dOptions(width, width, 7).padding(3).groups(width)));
    norm = register_module("norm", convnext_norm(width));
    fc1 = register_at(*this, "mlp.fc1", Pointwise(width, 4 * width, shape.pointwise_convolutions));
    if (shape.response_norm) grn = register_at(*this, "mlp.grn", ResponseNorm(4 * width));
    fc2 = register_at(*this, "mlp.fc2", Pointwise(4 * width, width, shape.pointwise_convolutions));
    if (!shape.response_norm) gamma = register_parameter("gamma", torch::full({width}, 1e-6));
  }

  at::Tensor forward(const at::Tensor& input) {
    at::Tensor x = norm(conv_dw(input).permute({0, 2, 3, 1}));
    x = torch::gelu(fc1(x), gelu);
    if (grn) x = grn(x);
    x = fc2(x);
    if (gamma.defined()) x = x * gamma;
    return input + kept(x.permute({0, 3, 1, 2}));
  }

  const char* gelu;
  torch::nn::Conv2d conv_dw{nullptr};
  LayerNorm norm{nullptr};
  Pointwise fc1{nullptr}, fc2{nullptr};
  ResponseNorm grn{nullptr};
  at::Tensor gamma;
};

}  // namespace detail

/// ConvNeXt to timm's keys: Liu et al., "A ConvNet for the 2020s", CVPR 2022; V2: Woo et al., "ConvNeXt V2:
/// co-designing and scaling ConvNets with masked autoencoders", CVPR 2023. Fresh weights are drawn as timm draws them:
/// normal with deviation 0.02, no bias, layer scale 1e-6. (N, 3, H, W) to (N, D, H / 32, W / 32), before the last norm;
/// its own classifier sees the norm of the mean.
struct ConvNeXt : torch::nn::Module {
  explicit ConvNeXt(const ConvNeXtShape& shape) {
    std::int64_t in = shape.widths[0];
    stem = detail::register_at(*this, "stem.0", detail::patches(3, in, 4));
    stem_norm = detail::register_at(*this, "stem.1", detail::convnext_norm(in));
    for (std::size_t i = 0; i < stages.size(); ++i) {
      const std::string key = "stages." + std::to_string(i);
      const std::int64_t width = shape.widths[i];
      if (i > 0) {
        stages[i].norm = detail::register_at(*this, key + ".downsample.0", detail::convnext_norm(in));
        stages[i].halve = detail::register_at(*this, key + ".downsample.1", detail::patches(in, width, 2));
      }
      for (int depth = 0; depth < shape.depths[i]; ++depth) {
        stages[i].blocks.push_back(detail::register_at(*this, key + ".blocks." + std::to_string(depth),
                                                       std::make_shared<detail::ConvNeXtBlock>(shape, width)));
      }
      in = width;
    }
    norm = detail::register_at(*this, "head.norm", detail::convnext_norm(in));
    place_evenly(detail::residual_modules(*this));
  }

  FeatureMap forward(const at::Tensor& images) {
    const auto normalised = [](LayerNorm& norm, const at::Tensor& map) {
      return norm(map.permute({0, 2, 3, 1})).permute({0, 3, 1, 2});
    };
    at::Tensor x = normalised(stem_norm, stem(images));
    for (auto& stage : stages) {
      if (stage.halve) x = stage.halve(normalised(stage.norm, x));
      for (const auto& block : stage.blocks) x = block->forward(x);
    }
    return {x, norm(x.mean({2, 3}))};
  }

  struct Stage {
    LayerNorm norm{nullptr};
    torch::nn::Conv2d halve{nullptr};
    std::vector<std::shared_ptr<detail::ConvNeXtBlock>> blocks;
  };

  torch::nn::Conv2d stem{nullptr};
  LayerNorm stem_norm{nullptr}, norm{nullptr};
  std::array<Stage, 4> stages;
};

namespace detail {
inline BackboneSpec convnext_spec(std::string name, const ConvNeXtShape& shape, double crop,
                                  std::vector<KnownWeights> weights) {
  return {.name = std::move(name),
          .features = shape.widths.back(),
          .interpolation = Interpolation::bicubic,
          .crop = crop,
          .first_conv = "stem.0",
          .classifier = "head.fc",
          .weights = std::move(weights)};
}
}  // namespace detail

struct ConvNeXtTiny : ConvNeXt {
  static constexpr ConvNeXtShape shape{.depths = {3, 3, 9, 3}, .widths = {96, 192, 384, 768}};
  static BackboneSpec spec() {
    return detail::convnext_spec("convnext_tiny", shape, 0.95,
                                 {{"timm/convnext_tiny.in12k_ft_in1k", "apache-2.0", "ImageNet-12k, then 1k"},
                                  {"torchvision: ConvNeXt_Tiny_Weights.IMAGENET1K_V1", "BSD-3-Clause", "ImageNet-1k"}});
  }
  ConvNeXtTiny() : ConvNeXt(shape) {}
};
struct ConvNeXtSmall : ConvNeXt {
  static constexpr ConvNeXtShape shape{.depths = {3, 3, 27, 3}, .widths = {96, 192, 384, 768}};
  static BackboneSpec spec() {
    return detail::convnext_spec(
        "convnext_small", shape, 0.95,
        {{"timm/convnext_small.in12k_ft_in1k", "apache-2.0", "ImageNet-12k, then 1k"},
         {"torchvision: ConvNeXt_Small_Weights.IMAGENET1K_V1", "BSD-3-Clause", "ImageNet-1k"}});
  }
  ConvNeXtSmall() : ConvNeXt(shape) {}
};
struct ConvNeXtBase : ConvNeXt {
  static constexpr ConvNeXtShape shape{.depths = {3, 3, 27, 3}, .widths = {128, 256, 512, 1024}};
  static BackboneSpec spec() {
    return detail::convnext_spec("convnext_base", shape, 0.875,
                                 {{"timm/convnext_base.fb_in22k_ft_in1k", "apache-2.0", "ImageNet-22k, then 1k"},
                                  {"torchvision: ConvNeXt_Base_Weights.IMAGENET1K_V1", "BSD-3-Clause", "ImageNet-1k"}});
  }
  ConvNeXtBase() : ConvNeXt(shape) {}
};
struct ConvNeXtLarge : ConvNeXt {
  static constexpr ConvNeXtShape shape{.depths = {3, 3, 27, 3}, .widths = {192, 384, 768, 1536}};
  static BackboneSpec spec() {
    return detail::convnext_spec(
        "convnext_large", shape, 0.875,
        {{"timm/convnext_large.fb_in22k_ft_in1k", "apache-2.0", "ImageNet-22k, then 1k"},
         {"torchvision: ConvNeXt_Large_Weights.IMAGENET1K_V1", "BSD-3-Clause", "ImageNet-1k"}});
  }
  ConvNeXtLarge() : ConvNeXt(shape) {}
};
struct ConvNeXtV2Atto : ConvNeXt {
  static constexpr ConvNeXtShape shape{
      .depths = {2, 2, 6, 2}, .widths = {40, 80, 160, 320}, .response_norm = true, .pointwise_convolutions = true};
  static BackboneSpec spec() {
    return detail::convnext_spec("convnextv2_atto", shape, 0.875,
                                 {{"timm/convnextv2_atto.fcmae_ft_in1k", "cc-by-nc-4.0", "ImageNet-1k"}});
  }
  ConvNeXtV2Atto() : ConvNeXt(shape) {}
};
struct ConvNeXtV2Nano : ConvNeXt {
  static constexpr ConvNeXtShape shape{
      .depths = {2, 2, 8, 2}, .widths = {80, 160, 320, 640}, .response_norm = true, .pointwise_convolutions = true};
  static BackboneSpec spec() {
    return detail::convnext_spec(
        "convnextv2_nano", shape, 0.875,
        {{"timm/convnextv2_nano.fcmae_ft_in22k_in1k", "cc-by-nc-4.0", "ImageNet-22k, then 1k"}});
  }
  ConvNeXtV2Nano() : ConvNeXt(shape) {}
};
struct ConvNeXtV2Tiny : ConvNeXt {
  static constexpr ConvNeXtShape shape{.depths = {3, 3, 9, 3}, .widths = {96, 192, 384, 768}, .response_norm = true};
  static BackboneSpec spec() {
    return detail::convnext_spec(
        "convnextv2_tiny", shape, 0.875,
        {{"timm/convnextv2_tiny.fcmae_ft_in22k_in1k", "cc-by-nc-4.0", "ImageNet-22k, then 1k"}});
  }
  ConvNeXtV2Tiny() : ConvNeXt(shape) {}
};
struct ConvNeXtV2Base : ConvNeXt {
  static constexpr ConvNeXtShape shape{.depths = {3, 3, 27, 3}, .widths = {128, 256, 512, 1024}, .response_norm = true};
  static BackboneSpec spec() {
    return detail::convnext_spec(
        "convnextv2_base", shape, 0.875,
        {{"timm/convnextv2_base.fcmae_ft_in22k_in1k", "cc-by-nc-4.0", "ImageNet-22k, then 1k"}});
  }
  ConvNeXtV2Base() : ConvNeXt(shape) {}
};

/// The network of SmilingWolf's wd-convnext-tagger-v3: timm's convnext_base with act_layer="gelu_tanh".
struct WDConvNeXtBase_448 : ConvNeXt {
  static constexpr ConvNeXtShape shape{.depths = {3, 3, 27, 3}, .widths = {128, 256, 512, 1024}, .gelu_by_tanh = true};
  static BackboneSpec spec() {
    BackboneSpec spec =
        detail::convnext_spec("wd_convnext_base_448", shape, 1,
                              {{"SmilingWolf/wd-convnext-tagger-v3", "apache-2.0", "Danbooru, 10,861 tags"}});
    spec.input_size = 448;
    spec.mean = spec.std = {0.5f, 0.5f, 0.5f};
    return spec;
  }
  WDConvNeXtBase_448() : ConvNeXt(shape) {}
};

static_assert(Backbone<ConvNeXtTiny>);

}  // namespace tagger
