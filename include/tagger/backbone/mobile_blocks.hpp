#pragma once

#include <algorithm>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include <torch/nn/init.h>
#include <torch/nn/modules/batchnorm.h>
#include <torch/nn/modules/conv.h>

#include <tagger/backbone/drop_path.hpp>
#include <tagger/backbone/fresh_weights.hpp>
#include <tagger/backbone/keyed_module.hpp>
#include <tagger/backbone/squeeze_excite.hpp>

namespace tagger::detail {

/// What the layers of a mobile network have in common.
struct MobileStyle {
  bool same_padding = false;  ///< TensorFlow's: an odd pixel of padding goes to the right and the bottom
  double norm_epsilon = 1e-5;
  SqueezeExciteImpl::Style squeeze{"conv_reduce", "conv_expand", at::relu_, at::hardsigmoid_};
};

/// An inverted residual block: expand, depthwise, squeeze and excite, project. Sandler et al., "MobileNetV2: inverted
/// residuals and linear bottlenecks", CVPR 2018.
struct MobileBlockShape {
  std::int64_t kernel, stride;
  std::int64_t width;     ///< channels in the block; those that come in: it does not expand
  std::int64_t out;       ///< channels that go out
  std::int64_t squeezed;  ///< channels in squeeze and excitation; 0: none
  InPlace activation;
};

/// The nearest multiple of 8, but never below 90 % of what was asked for.
inline std::int64_t scaled_channels(std::int64_t channels, double scale) {
  const double wanted = static_cast<double>(channels) * scale;
  auto rounded = std::max<std::int64_t>(8, static_cast<std::int64_t>(wanted + 4) / 8 * 8);
  if (static_cast<double>(rounded) < 0.9 * wanted) rounded += 8;
  return rounded;
}

/// Convolution to ceil(size / stride) pixels.
struct MobileConv2dImpl : torch::nn::Conv2dImpl {
  MobileConv2dImpl(const MobileStyle& style, std::int64_t in, std::int64_t out, std::int64_t kernel,
                   std::int64_t stride = 1, std::int64_t groups = 1)
      : Conv2dImpl(torch::nn::Conv2dOptions(in, out, kernel)
                       .stride(stride)
                       .padding(style.same_padding ? 0 : kernel / 2)
                       .groups(groups)
                       .bias(false)),
        same_padding(style.same_padding) {}

  at::Tensor forward(const at::Tensor& input) {
    if (!same_padding) return Conv2dImpl::forward(input);
    const std::int64_t kernel = options.kernel_size()->at(0), stride = options.stride()->at(0);
    const auto padding = [&](std::int64_t size) {
      return std::max<std::int64_t>(((size + stride - 1) / stride - 1) * stride + kernel - size, 0);
    };
    const std::int64_t rows = padding(input.size(2)), columns = padding(input.size(3));
    if (rows % 2 == 0 && columns % 2 == 0) return convolve(input, {rows / 2, columns / 2});
    return convolve(torch::constant_pad_nd(input, {columns / 2, columns - columns / 2, rows / 2, rows - rows / 2}),
                    {0, 0});
  }

  bool same_padding;

 private:
  at::Tensor convolve(const at::Tensor& input, at::IntArrayRef padding) {
    return torch::conv2d(input, weight, {}, options.stride(), padding, options.dilation(), options.groups());
  }
};
TORCH_MODULE(MobileConv2d);

inline torch::nn::BatchNorm2d mobile_norm(const MobileStyle& style, std::int64_t channels) {
  return torch::nn::BatchNorm2d(torch::nn::BatchNorm2dOptions(channels).eps(style.norm_epsilon));
}

/// Without expansion the keys are those of timm's depthwise-separable block (conv_dw, bn1, se, conv_pw, bn2), else
/// conv_pw, bn1, conv_dw, bn2, se, conv_pwl, bn3.
struct MobileBlock : ResidualModule {
  MobileBlock(const MobileStyle& style, const MobileBlockShape& shape, std::int64_t in)
      : residual(shape.stride == 1 && in == shape.out), activation(shape.activation) {
    const std::int64_t width = shape.width;
    const bool expands = width != in;
    if (expands) {
      expand = register_module("conv_pw", MobileConv2d(style, in, width, 1));
      expand_norm = register_module("bn1", mobile_norm(style, width));
    }
    depthwise = register_module("conv_dw", MobileConv2d(style, width, width, shape.kernel, shape.stride, width));
    depthwise_norm = register_module(expands ? "bn2" : "bn1", mobile_norm(style, width));
    if (shape.squeezed > 0) squeeze = register_module("se", SqueezeExcite(width, shape.squeezed, style.squeeze));
    project = register_module(expands ? "conv_pwl" : "conv_pw", MobileConv2d(style, width, shape.out, 1));
    project_norm = register_module(expands ? "bn3" : "bn2", mobile_norm(style, shape.out));
  }

  at::Tensor forward(const at::Tensor& input) {
    at::Tensor x = input;
    if (expand) {
      x = expand_norm(expand(x));
      activation(x);
    }
    x = depthwise_norm(depthwise(x));
    activation(x);
    if (squeeze) x = squeeze(x);
    x = project_norm(project(x));
    return residual ? kept(x).add_(input) : x;
  }

  bool residual;
  InPlace activation;
  MobileConv2d expand{nullptr}, depthwise{nullptr}, project{nullptr};
  torch::nn::BatchNorm2d expand_norm{nullptr}, depthwise_norm{nullptr}, project_norm{nullptr};
  SqueezeExcite squeeze{nullptr};
};

/// Which stage a block is in, and which of the stage it is: a stage ends where the number of channels changes.
struct MobilePlace {
  int stage = 0, block = 0;

  std::string key() const { return "blocks." + std::to_string(stage) + "." + std::to_string(block); }
};

inline std::vector<MobilePlace> mobile_places(const std::vector<MobileBlockShape>& shapes) {
  std::vector<MobilePlace> places{{}};
  for (std::size_t i = 1; i < shapes.size(); ++i) {
    const MobilePlace last = places.back();
    places.push_back(shapes[i].out == shapes[i - 1].out ? MobilePlace{last.stage, last.block + 1}
                                                        : MobilePlace{last.stage + 1, 0});
  }
  return places;
}

/// Blocks one after the other, registered in `network` as blocks.STAGE.BLOCK.
struct MobileBlocks {
  MobileBlocks() = default;
  /// \param others  blocks of the network that come after these and are none of them, but count where timm deals out
  ///        rates of stochastic depth
  MobileBlocks(torch::nn::Module& network, const MobileStyle& style, const std::vector<MobileBlockShape>& shapes,
               std::int64_t in, std::int64_t others = 0) {
    const auto places = mobile_places(shapes);
    for (std::size_t i = 0; i < shapes.size(); ++i) {
      blocks.push_back(register_at(network, places[i].key(), std::make_shared<MobileBlock>(style, shapes[i], in)));
      if (blocks.back()->residual) blocks.back()->place = static_cast<std::int64_t>(i);
      blocks.back()->places = std::ssize(shapes) + others;
      in = shapes[i].out;
    }
  }

  at::Tensor operator()(at::Tensor x) const {
    for (const auto& block : blocks) x = block->forward(x);
    return x;
  }

  std::vector<std::shared_ptr<MobileBlock>> blocks;
};

/// Fresh weights as TensorFlow draws them: He et al., fan out over groups, no bias.
inline void draw_fresh_mobile(const torch::nn::Module& network) {
  draw_he_fan_out(network, /*over_groups=*/true);
  for (const auto& parameter : network.named_parameters()) {
    if (parameter.key().ends_with("bias")) torch::nn::init::zeros_(parameter.value());
  }
}

}  // namespace tagger::detail
