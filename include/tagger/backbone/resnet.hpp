#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include <torch/nn/init.h>
#include <torch/nn/modules/batchnorm.h>
#include <torch/nn/modules/conv.h>

#include <tagger/backbone/concept.hpp>
#include <tagger/backbone/drop_path.hpp>
#include <tagger/backbone/fresh_weights.hpp>
#include <tagger/backbone/keyed_module.hpp>

namespace tagger {

enum class ResNetBlock { basic, bottleneck };

/// The shape of a residual network: how many blocks of which kind in each of the four stages.
struct ResNetShape {
  ResNetBlock block;
  std::array<int, 4> depths;
  std::int64_t groups = 1;            ///< of the 3x3 convolution in a bottleneck (ResNeXt's cardinality)
  std::int64_t width_per_group = 64;  ///< channels of a group in the first stage
  bool tweaked = false;               ///< ResNet-D

  constexpr std::int64_t expansion() const { return block == ResNetBlock::basic ? 1 : 4; }
};

namespace detail {

inline torch::nn::Conv2d resnet_conv(std::int64_t in, std::int64_t out, std::int64_t kernel, std::int64_t stride = 1,
                                     std::int64_t groups = 1) {
  return torch::nn::Conv2d(
      torch::nn::Conv2dOptions(in, out, kernel).stride(stride).padding(kernel / 2).groups(groups).bias(false));
}

/// Residual block of `planes` channels. A bottleneck strides in its 3x3 convolution, as torchvision's does ("v1.5").
struct ResidualBlock : ResidualModule {
  ResidualBlock(const ResNetShape& shape, std::int64_t in, std::int64_t planes, std::int64_t stride) {
    const std::int64_t out = planes * shape.expansion();
    if (shape.block == ResNetBlock::basic) {
      conv1 = register_module("conv1", resnet_conv(in, planes, 3, stride));
      bn1 = register_module("bn1", torch::nn::BatchNorm2d(planes));
      conv2 = register_module("conv2", resnet_conv(planes, planes, 3));
      bn2 = register_module("bn2", torch::nn::BatchNorm2d(planes));
    } else {
      const std::int64_t width = planes * shape.width_per_group / 64 * shape.groups;
      conv1 = register_module("conv1", resnet_conv(in, width, 1));
      bn1 = register_module("bn1", torch::nn::BatchNorm2d(width));
      conv2 = register_module("conv2", resnet_conv(width, width, 3, stride, shape.groups));
      bn2 = register_module("bn2", torch::nn::BatchNorm2d(width));
      conv3 = register_module("conv3", resnet_conv(width, out, 1));
      bn3 = register_module("bn3", torch::nn::BatchNorm2d(out));
    }
    if (stride != 1 || in != out) {
      averages = shape.tweaked && stride != 1;
      downsample = register_at(*this, shape.tweaked ? "downsample.1" : "downsample.0",
                               resnet_conv(in, out, 1, averages ? 1 : stride));
      downsample_norm =
          register_at(*this, shape.tweaked ? "downsample.2" : "downsample.1", torch::nn::BatchNorm2d(out));
    }
    if (shape.tweaked) torch::nn::init::zeros_((bn3 ? bn3 : bn2)->weight);  // as timm draws fresh weights
  }

  at::Tensor forward(const at::Tensor& input) {
    at::Tensor x = bn1(conv1(input)).relu_();
    x = bn2(conv2(x));
    if (conv3) x = bn3(conv3(x.relu_()));
    return kept(x).add_(shortcut(input)).relu_();
  }

  at::Tensor shortcut(const at::Tensor& input) {
    if (!downsample) return input;
    return downsample_norm(downsample(
        averages ? torch::avg_pool2d(input, 2, 2, 0, /*ceil_mode=*/true, /*count_include_pad=*/false) : input));
  }

  torch::nn::Conv2d conv1{nullptr}, conv2{nullptr}, conv3{nullptr}, downsample{nullptr};
  torch::nn::BatchNorm2d bn1{nullptr}, bn2{nullptr}, bn3{nullptr}, downsample_norm{nullptr};
  bool averages = false;  ///< 2x2 pixels before it projects the shortcut
};

}  // namespace detail

/// Residual networks to torchvision's keys: He et al., "Deep residual learning for image recognition", CVPR 2016;
/// Xie et al., "Aggregated residual transformations for deep neural networks", CVPR 2017; Zagoruyko and Komodakis,
/// "Wide residual networks", BMVC 2016. Fresh weights are drawn as torchvision draws them (He et al., 2015, fan out).
/// ResNet-D, to timm's keys, has three 3x3 convolutions for the first and averages before it projects a shortcut: He et
/// al., "Bag of tricks for image classification with convolutional neural networks", CVPR 2019. Its residual branches
/// begin at zero.
/// (N, 3, H, W) to (N, 512 or 2048, H / 32, W / 32).
struct ResNet : torch::nn::Module {
  explicit ResNet(const ResNetShape& shape) {
    if (shape.tweaked) {
      stem1 = detail::register_at(*this, "conv1.0", detail::resnet_conv(3, 32, 3, 2));
      stem_norm1 = detail::register_at(*this, "conv1.1", torch::nn::BatchNorm2d(32));
      stem2 = detail::register_at(*this, "conv1.3", detail::resnet_conv(32, 32, 3));
      stem_norm2 = detail::register_at(*this, "conv1.4", torch::nn::BatchNorm2d(32));
      conv1 = detail::register_at(*this, "conv1.6", detail::resnet_conv(32, 64, 3));
    } else {
      conv1 = register_module("conv1", detail::resnet_conv(3, 64, 7, 2));
    }
    bn1 = register_module("bn1", torch::nn::BatchNorm2d(64));
    std::int64_t in = 64;
    for (std::size_t stage = 0; stage < shape.depths.size(); ++stage) {
      const std::int64_t planes = std::int64_t{64} << stage;
      for (int depth = 0; depth < shape.depths[stage]; ++depth) {
        const std::int64_t stride = depth == 0 && stage > 0 ? 2 : 1;
        const std::string key = "layer" + std::to_string(stage + 1) + "." + std::to_string(depth);
        blocks.push_back(
            detail::register_at(*this, key, std::make_shared<detail::ResidualBlock>(shape, in, planes, stride)));
        in = planes * shape.expansion();
      }
    }
    place_evenly(blocks);
    detail::draw_he_fan_out(*this);
  }

  FeatureMap forward(const at::Tensor& images) {
    at::Tensor x = images;
    if (stem1) {
      x = stem_norm1(stem1(x)).relu_();
      x = stem_norm2(stem2(x)).relu_();
    }
    x = torch::max_pool2d(bn1(conv1(x)).relu_(), 3, 2, 1);
    for (const auto& block : blocks) x = block->forward(x);
    return {x};
  }

  torch::nn::Conv2d stem1{nullptr}, stem2{nullptr};  ///< ResNet-D's, before conv1
  torch::nn::BatchNorm2d stem_norm1{nullptr}, stem_norm2{nullptr};
  torch::nn::Conv2d conv1{nullptr};
  torch::nn::BatchNorm2d bn1{nullptr};
  std::vector<std::shared_ptr<detail::ResidualBlock>> blocks;
};

namespace detail {
inline BackboneSpec resnet_spec(std::string name, const ResNetShape& shape) {
  return {.name = name,
          .features = 512 * shape.expansion(),
          .weights = {{"timm/" + name + ".tv_in1k", "bsd-3-clause", "ImageNet-1k, by torchvision"}}};
}

inline BackboneSpec resnet_d_spec(std::string name, const ResNetShape& shape) {
  return {.name = name,
          .features = 512 * shape.expansion(),
          .interpolation = Interpolation::bicubic,
          .first_conv = "conv1.0",
          .weights = {{"timm/" + name + ".ra2_in1k", "apache-2.0", "ImageNet-1k"}}};
}
}  // namespace detail

struct ResNet18 : ResNet {
  static constexpr ResNetShape shape{.block = ResNetBlock::basic, .depths = {2, 2, 2, 2}};
  static BackboneSpec spec() { return detail::resnet_spec("resnet18", shape); }
  ResNet18() : ResNet(shape) {}
};
struct ResNet34 : ResNet {
  static constexpr ResNetShape shape{.block = ResNetBlock::basic, .depths = {3, 4, 6, 3}};
  static BackboneSpec spec() { return detail::resnet_spec("resnet34", shape); }
  ResNet34() : ResNet(shape) {}
};
struct ResNet50 : ResNet {
  static constexpr ResNetShape shape{.block = ResNetBlock::bottleneck, .depths = {3, 4, 6, 3}};
  static BackboneSpec spec() { return detail::resnet_spec("resnet50", shape); }
  ResNet50() : ResNet(shape) {}
};
struct ResNet101 : ResNet {
  static constexpr ResNetShape shape{.block = ResNetBlock::bottleneck, .depths = {3, 4, 23, 3}};
  static BackboneSpec spec() { return detail::resnet_spec("resnet101", shape); }
  ResNet101() : ResNet(shape) {}
};
struct ResNet152 : ResNet {
  static constexpr ResNetShape shape{.block = ResNetBlock::bottleneck, .depths = {3, 8, 36, 3}};
  static BackboneSpec spec() { return detail::resnet_spec("resnet152", shape); }
  ResNet152() : ResNet(shape) {}
};
struct ResNeXt50_32x4d : ResNet {
  static constexpr ResNetShape shape{
      .block = ResNetBlock::bottleneck, .depths = {3, 4, 6, 3}, .groups = 32, .width_per_group = 4};
  static BackboneSpec spec() { return detail::resnet_spec("resnext50_32x4d", shape); }
  ResNeXt50_32x4d() : ResNet(shape) {}
};
struct ResNeXt101_32x8d : ResNet {
  static constexpr ResNetShape shape{
      .block = ResNetBlock::bottleneck, .depths = {3, 4, 23, 3}, .groups = 32, .width_per_group = 8};
  static BackboneSpec spec() { return detail::resnet_spec("resnext101_32x8d", shape); }
  ResNeXt101_32x8d() : ResNet(shape) {}
};
struct WideResNet50_2 : ResNet {
  static constexpr ResNetShape shape{.block = ResNetBlock::bottleneck, .depths = {3, 4, 6, 3}, .width_per_group = 128};
  static BackboneSpec spec() { return detail::resnet_spec("wide_resnet50_2", shape); }
  WideResNet50_2() : ResNet(shape) {}
};
struct ResNet18D : ResNet {
  static constexpr ResNetShape shape{.block = ResNetBlock::basic, .depths = {2, 2, 2, 2}, .tweaked = true};
  static BackboneSpec spec() { return detail::resnet_d_spec("resnet18d", shape); }
  ResNet18D() : ResNet(shape) {}
};
struct ResNet34D : ResNet {
  static constexpr ResNetShape shape{.block = ResNetBlock::basic, .depths = {3, 4, 6, 3}, .tweaked = true};
  static BackboneSpec spec() { return detail::resnet_d_spec("resnet34d", shape); }
  ResNet34D() : ResNet(shape) {}
};
struct ResNet50D : ResNet {
  static constexpr ResNetShape shape{.block = ResNetBlock::bottleneck, .depths = {3, 4, 6, 3}, .tweaked = true};
  static BackboneSpec spec() { return detail::resnet_d_spec("resnet50d", shape); }
  ResNet50D() : ResNet(shape) {}
};
struct ResNet101D : ResNet {
  static constexpr ResNetShape shape{.block = ResNetBlock::bottleneck, .depths = {3, 4, 23, 3}, .tweaked = true};
  static BackboneSpec spec() {
    auto spec = detail::resnet_d_spec("resnet101d", shape);
    spec.input_size = 256;
    spec.crop = 0.95;
    return spec;
  }
  ResNet101D() : ResNet(shape) {}
};

static_assert(Backbone<ResNet18>);

}  // namespace tagger
