#pragma once

#include <cstdint>
#include <string>

#include <torch/nn/module.h>
#include <torch/nn/modules/conv.h>

namespace tagger::detail {

/// An activation that overwrites its input, such as at::relu_.
using InPlace = at::Tensor& (*)(at::Tensor&);

/// Channels weighted by what the whole picture has: x * gate(expand(activation(reduce(mean of x over its pixels)))).
/// Hu et al., "Squeeze-and-excitation networks", CVPR 2018.
struct SqueezeExciteImpl : torch::nn::Module {
  /// What published weights call the two layers, and the functions after them.
  struct Style {
    const char *reduce, *expand;
    InPlace activation, gate;
  };

  SqueezeExciteImpl(std::int64_t channels, std::int64_t reduced, const Style& style)
      : reduce(register_module(style.reduce, torch::nn::Conv2d(torch::nn::Conv2dOptions(channels, reduced, 1)))),
        expand(register_module(style.expand, torch::nn::Conv2d(torch::nn::Conv2dOptions(reduced, channels, 1)))),
        style(style) {}

  at::Tensor forward(const at::Tensor& input) {
    at::Tensor x = reduce(input.mean({2, 3}, /*keepdim=*/true));
    x = expand(style.activation(x));
    return input * style.gate(x);
  }

  torch::nn::Conv2d reduce, expand;
  Style style;
};
TORCH_MODULE(SqueezeExcite);

}  // namespace tagger::detail
