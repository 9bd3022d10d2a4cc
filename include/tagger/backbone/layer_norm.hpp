#pragma once

#include <cstdint>

#include <ATen/core/Tensor.h>
#include <ATen/ops/layer_norm.h>
#include <ATen/ops/ones.h>
#include <ATen/ops/zeros.h>
#include <torch/nn/module.h>
#include <torch/nn/pimpl.h>

namespace tagger {

/// Layer normalisation over the last axis, with scale and shift: Ba, Kiros and Hinton, "Layer normalization", 2016.
/// (..., D) to (..., D). What torch::nn::LayerNorm does, without its header, which takes every file seconds to read.
struct LayerNormImpl : torch::nn::Module {
  explicit LayerNormImpl(std::int64_t width, double epsilon = 1e-5) : epsilon(epsilon) {
    weight = register_parameter("weight", at::ones({width}));
    bias = register_parameter("bias", at::zeros({width}));
  }

  at::Tensor forward(const at::Tensor& input) const {
    return at::layer_norm(input, weight.sizes(), weight, bias, epsilon);
  }

  at::Tensor weight, bias;  ///< (D)
  double epsilon;
};

/// Holds a LayerNormImpl, as LibTorch's modules are held: `norm(input)`.
class LayerNorm : public torch::nn::ModuleHolder<LayerNormImpl> {
 public:
  using ModuleHolder::ModuleHolder;
};

}  // namespace tagger
