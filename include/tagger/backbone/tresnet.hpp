#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <torch/nn/init.h>
#include <torch/nn/modules/batchnorm.h>
#include <torch/nn/modules/conv.h>

#include <tagger/backbone/concept.hpp>
#include <tagger/backbone/drop_path.hpp>
#include <tagger/backbone/fresh_weights.hpp>
#include <tagger/backbone/keyed_module.hpp>
#include <tagger/backbone/squeeze_excite.hpp>
#include <tagger/error.hpp>
#include <tagger/weights/tensor.hpp>

namespace tagger {

/// The shape of a TResNet: blocks of each of the four stages, and channels of the first.
struct TResNetShape {
  std::array<int, 4> depths;
  std::int64_t width;
  std::size_t basic_stages = 2;  ///< stages of basic blocks; those after them are of bottlenecks of expansion 4
};

namespace detail {

inline at::Tensor leaky(at::Tensor input) { return torch::leaky_relu_(input, 1e-3); }

/// Halves a map after blurring it with the binomial kernel (1 2 1)^T (1 2 1) / 16, which is two means of 2 x 2 pixels.
/// Zhang, "Making convolutional networks shift-invariant again", ICML 2019.
inline at::Tensor blur_and_halve(const at::Tensor& input) {
  return torch::avg_pool2d(torch::avg_pool2d(torch::reflection_pad2d(input, {1, 1, 1, 1}), 2, 1), 2, 2);
}

/// Convolution and batch norm. (The original's norm, Inplace-ABN, is this and a leaky ReLU.)
struct ConvNormImpl : torch::nn::Module {
  ConvNormImpl(std::int64_t in, std::int64_t out, std::int64_t kernel)
      : conv(register_module(
            "conv", torch::nn::Conv2d(torch::nn::Conv2dOptions(in, out, kernel).padding(kernel / 2).bias(false)))),
        bn(register_module("bn", torch::nn::BatchNorm2d(out))) {}

  at::Tensor forward(const at::Tensor& input) { return bn(conv(input)); }

  torch::nn::Conv2d conv;
  torch::nn::BatchNorm2d bn;
};
TORCH_MODULE(ConvNorm);

/// Residual block, with squeeze and excitation but in the last stage.
struct TResNetBlock : ResidualModule {
  TResNetBlock(bool bottleneck, bool excites, bool halves, std::int64_t in, std::int64_t planes) : halves(halves) {
    const std::int64_t out = bottleneck ? 4 * planes : planes;
    if (bottleneck) {
      conv1 = register_module("conv1", ConvNorm(in, planes, 1));
      conv2 = register_module("conv2", ConvNorm(planes, planes, 3));
      conv3 = register_module("conv3", ConvNorm(planes, out, 1));
    } else {
      conv1 = register_module("conv1", ConvNorm(in, planes, 3));
      conv2 = register_module("conv2", ConvNorm(planes, planes, 3));
    }
    if (excites) {
      const std::int64_t reduced = std::max<std::int64_t>(out / (bottleneck ? 8 : 4), 64);
      se = register_module(
          "se", SqueezeExcite(planes, reduced, SqueezeExciteImpl::Style{"fc1", "fc2", at::relu_, at::sigmoid_}));
    }
    if (in != out) {
      downsample = register_at(*this, halves ? "downsample.1" : "downsample.0", ConvNorm(in, out, 1));
    }
    torch::nn::init::zeros_((bottleneck ? conv3 : conv2)->bn->weight);
  }

  at::Tensor forward(const at::Tensor& input) {
    at::Tensor shortcut = input;
    if (downsample) {
      if (halves) shortcut = torch::avg_pool2d(input, 2, 2, 0, /*ceil_mode=*/true, /*count_include_pad=*/false);
      shortcut = downsample(shortcut);
    }
    at::Tensor x = leaky(conv1(input));
    if (conv3) x = leaky(conv2(x));
    if (halves) x = blur_and_halve(x);
    if (!conv3) x = conv2(x);
    if (se) x = se(x);
    if (conv3) x = conv3(x);
    return kept(x).add_(shortcut).relu_();
  }

  bool halves;
  ConvNorm conv1{nullptr}, conv2{nullptr}, conv3{nullptr}, downsample{nullptr};
  SqueezeExcite se{nullptr};
};

}  // namespace detail

/// TResNet to timm's keys: Ridnik et al., "TResNet: high performance GPU-dedicated architecture", WACV 2021, the
/// backbone of the asymmetric loss and of ML-Decoder. Fresh weights are drawn as timm draws them (He et al., 2015, fan
/// out; residual branches begin at zero).
/// (N, 3, H, W), H and W multiples of 4, to (N, 32 width, H / 32, W / 32).
struct TResNet : torch::nn::Module {
  explicit TResNet(const TResNetShape& shape) {
    std::int64_t in = shape.width;
    conv1 = detail::register_at(*this, "body.conv1", detail::ConvNorm(3 * 16, in, 3));
    for (std::size_t stage = 0; stage < shape.depths.size(); ++stage) {
      const std::int64_t planes = shape.width << stage;
      const bool bottleneck = stage >= shape.basic_stages;
      for (int depth = 0; depth < shape.depths[stage]; ++depth) {
        const std::string key = "body.layer" + std::to_string(stage + 1) + "." + std::to_string(depth);
        blocks.push_back(detail::register_at(
            *this, key,
            std::make_shared<detail::TResNetBlock>(bottleneck, stage < 3, stage > 0 && depth == 0, in, planes)));
        in = bottleneck ? 4 * planes : planes;
      }
    }
    place_evenly(blocks);
    detail::draw_he_fan_out(*this);
  }

  /// \throws OptionError for pictures of other sides
  FeatureMap forward(const at::Tensor& images) {
    if (images.size(2) % 4 != 0 || images.size(3) % 4 != 0) {
      throw OptionError("a TResNet takes pictures whose sides are multiples of 4 pixels, not " +
                        std::to_string(images.size(3)) + " x " + std::to_string(images.size(2)));
    }
    const std::int64_t rows = images.size(2) / 4, columns = images.size(3) / 4;
    at::Tensor x = images.reshape({-1, 3, rows, 4, columns, 4}).permute({0, 3, 5, 1, 2, 4});  // space to depth
    x = torch::leaky_relu(conv1(x.reshape({-1, 3 * 16, rows, columns})), 1e-2);
    for (const auto& block : blocks) x = block->forward(x);
    return {x};
  }

  /// `file` with the factors of the authors' norm, Inplace-ABN, which uses their magnitude and 1e-5 more, as ours.
  /// Their layout calls them `magnitude` (known_layouts.hpp).
  StateDict adapt(const StateDict& file) const {
    constexpr std::string_view theirs = ".bn.magnitude";
    StateDict adapted = file.emptied();
    for (const auto& [name, data] : file) {
      if (name.ends_with(theirs)) {
        const std::string norm = name.substr(0, name.size() - theirs.size());
        adapted.add(norm + ".bn.weight", as_data(as_view(data).to(at::kFloat).abs() + 1e-5));
      } else {
        adapted.add(name, data);
      }
    }
    return adapted;
  }

  detail::ConvNorm conv1{nullptr};
  std::vector<std::shared_ptr<detail::TResNetBlock>> blocks;
};

namespace detail {
inline BackboneSpec tresnet_spec(std::string name, const TResNetShape& shape, std::vector<KnownWeights> weights) {
  return {.name = std::move(name),
          .features = 32 * shape.width,
          .size_multiple = 4,
          .mean = {0, 0, 0},
          .std = {1, 1, 1},
          .first_conv = "body.conv1.conv",
          .classifier = "head.fc",
          .weights = std::move(weights)};
}
}  // namespace detail

struct TResNetM : TResNet {
  static constexpr TResNetShape shape{.depths = {3, 4, 11, 3}, .width = 64};
  static BackboneSpec spec() {
    return detail::tresnet_spec("tresnet_m", shape,
                                {{"timm/tresnet_m.miil_in21k_ft_in1k", "apache-2.0", "ImageNet-21k, then 1k"},
                                 {"ASL: MS_COCO_TRresNet_M_224_81.8.pth", "MIT", "ImageNet-21k, then MS-COCO"},
                                 {"ML_Decoder: tresnet_m_COCO_224_84_2.pth", "MIT", "MS-COCO"}});
  }
  TResNetM() : TResNet(shape) {}
};
struct TResNetL : TResNet {
  static constexpr TResNetShape shape{.depths = {4, 5, 18, 3}, .width = 76};
  static BackboneSpec spec() {
    return detail::tresnet_spec("tresnet_l", shape,
                                {{"timm/tresnet_l.miil_in1k", "apache-2.0", "ImageNet-1k"},
                                 {"ASL: MS_COCO_TRresNet_L_448_86.6.pth", "MIT", "MS-COCO"},
                                 {"ASL: NUS_WIDE_TRresNet_L_448_65.2.pth", "MIT", "NUS-WIDE"}});
  }
  TResNetL() : TResNet(shape) {}
};
/// What ML-Decoder calls TResNet-L.
struct TResNetV2L : TResNet {
  static constexpr TResNetShape shape{.depths = {3, 4, 23, 3}, .width = 64, .basic_stages = 0};
  static BackboneSpec spec() {
    return detail::tresnet_spec("tresnet_v2_l", shape,
                                {{"timm/tresnet_v2_l.miil_in21k_ft_in1k", "apache-2.0", "ImageNet-21k, then 1k"},
                                 {"ML_Decoder: tresnet_l_COCO__448_90_0.pth", "MIT", "MS-COCO"}});
  }
  TResNetV2L() : TResNet(shape) {}
};

static_assert(Backbone<TResNetM>);

}  // namespace tagger
