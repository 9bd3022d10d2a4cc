#pragma once

#include <cmath>
#include <cstdint>

#include <torch/nn/init.h>
#include <torch/nn/modules/conv.h>

namespace tagger::detail {

/// Draws the weights of all convolutions of a network from a normal distribution of variance 2 / fan out: He et al.,
/// "Delving deep into rectifiers", ICCV 2015.
/// \param over_groups  the fan out is that of a group, as TensorFlow counts it; torch counts that of all groups
inline void draw_he_fan_out(const torch::nn::Module& network, bool over_groups = false) {
  for (const auto& module : network.modules(/*include_self=*/false)) {
    if (const auto* convolution = module->as<torch::nn::Conv2dImpl>()) {
      const at::Tensor& weight = convolution->weight;
      const std::int64_t groups = over_groups ? convolution->options.groups() : 1;
      const double fan_out = static_cast<double>(weight.numel() / weight.size(1)) / static_cast<double>(groups);
      torch::nn::init::normal_(weight, 0, std::sqrt(2 / fan_out));
    }
  }
}

}  // namespace tagger::detail
