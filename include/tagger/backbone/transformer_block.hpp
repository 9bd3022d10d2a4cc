#pragma once

#include <cmath>
#include <cstdint>
#include <memory>

#include <ATen/core/grad_mode.h>
#include <ATen/ops/cat.h>
#include <ATen/ops/full.h>
#include <ATen/ops/gelu.h>
#include <ATen/ops/linear.h>
#include <ATen/ops/scaled_dot_product_attention.h>
#include <ATen/ops/silu.h>
#include <ATen/ops/zeros.h>
#include <ATen/ops/zeros_like.h>
#include <torch/nn/init.h>
#include <torch/nn/modules/linear.h>

#include <tagger/backbone/drop_path.hpp>
#include <tagger/backbone/layer_norm.hpp>
#include <tagger/backbone/rotary.hpp>

namespace tagger {

/// How a block of a transformer computes queries, keys and values, which is also how its weights are named.
enum class Projection {
  fused,              ///< qkv: weight and bias
  fused_without_key,  ///< qkv: weight; q_bias, v_bias: keys have no bias
  fused_no_bias,      ///< qkv: weight
  split_without_key   ///< q_proj and v_proj: weight and bias; k_proj: weight
};

/// What follows attention in a block.
enum class FeedForward {
  gelu,           ///< fc2(gelu(fc1 x))
  gelu_tanh,      ///< the same, with the approximation of GELU by tanh that JAX takes
  swiglu_packed,  ///< fc2(silu(g) v), with (g, v) = fc1 x
  swiglu_normed   ///< fc2(norm(silu(fc1_g x) fc1_x x))
};

/// One block of a transformer, D = width.
struct TransformerBlockShape {
  std::int64_t width;
  std::int64_t heads;
  std::int64_t hidden;  ///< width of the feed-forward network
  Projection projection = Projection::fused;
  FeedForward feed_forward = FeedForward::gelu;
  double layer_scale = 0;                 ///< what layer scales begin with; 0: there are none
  bool layer_scale_is_parameter = false;  ///< called gamma_1 and gamma_2, not ls1.gamma and ls2.gamma
  double epsilon = 1e-6;                  ///< of layer normalisation
};

namespace detail {

/// A linear layer as timm draws transformers': N(0, 0.02^2), "truncated" at 100 standard deviations; no bias at first.
inline torch::nn::Linear transformer_linear(std::int64_t in, std::int64_t out, bool bias = true) {
  torch::nn::Linear linear(torch::nn::LinearOptions(in, out).bias(bias));
  torch::nn::init::normal_(linear->weight, 0, 0.02);
  if (bias) torch::nn::init::zeros_(linear->bias);
  return linear;
}

/// Scaled dot-product attention between all tokens: Vaswani et al., "Attention is all you need", NeurIPS 2017.
/// (N, T, D) to (N, T, D).
struct Attention : torch::nn::Module {
  explicit Attention(const TransformerBlockShape& shape) : heads(shape.heads) {
    const std::int64_t width = shape.width;
    if (shape.projection == Projection::split_without_key) {
      q_proj = register_module("q_proj", transformer_linear(width, width));
      k_proj = register_module("k_proj", transformer_linear(width, width, false));
      v_proj = register_module("v_proj", transformer_linear(width, width));
    } else {
      qkv = register_module("qkv", transformer_linear(width, 3 * width, shape.projection == Projection::fused));
    }
    if (shape.projection == Projection::fused_without_key) {
      q_bias = register_parameter("q_bias", at::zeros({width}));
      v_bias = register_parameter("v_bias", at::zeros({width}));
    }
    proj = register_module("proj", transformer_linear(width, width));
  }

  at::Tensor forward(const at::Tensor& x, const Rotation& rotation) {
    const auto [q, k, v] = queries_keys_values(x);
    const at::Tensor y = at::scaled_dot_product_attention(rotation(q), rotation(k), v);
    return proj(y.transpose(1, 2).flatten(2));
  }

  std::int64_t heads;
  torch::nn::Linear qkv{nullptr}, q_proj{nullptr}, k_proj{nullptr}, v_proj{nullptr}, proj{nullptr};
  at::Tensor q_bias, v_bias;

 private:
  struct QueriesKeysValues {
    at::Tensor q, k, v;  ///< (N, heads, T, D / heads)
  };

  QueriesKeysValues queries_keys_values(const at::Tensor& x) {
    if (!qkv) {
      const auto split = [&](torch::nn::Linear& linear) {
        return linear(x).unflatten(-1, {heads, -1}).transpose(1, 2);
      };
      return {split(q_proj), split(k_proj), split(v_proj)};
    }
    const at::Tensor bias = q_bias.defined() ? at::cat({q_bias, at::zeros_like(q_bias), v_bias}) : qkv->bias;
    const at::Tensor all = at::linear(x, qkv->weight, bias).unflatten(-1, {3, heads, -1}).permute({2, 0, 3, 1, 4});
    return {all[0], all[1], all[2]};
  }
};

/// The network that each token goes through on its own. (..., D) to (..., D).
struct FeedForwardNetwork : torch::nn::Module {
  FeedForwardNetwork(std::int64_t width, std::int64_t hidden, FeedForward kind, double epsilon) : kind(kind) {
    if (kind == FeedForward::swiglu_normed) {
      fc1_g = register_module("fc1_g", transformer_linear(width, hidden));
      fc1_x = register_module("fc1_x", transformer_linear(width, hidden));
      norm = register_module("norm", LayerNorm(hidden, epsilon));
    } else {
      const std::int64_t parts = kind == FeedForward::swiglu_packed ? 2 : 1;
      fc1 = register_module("fc1", transformer_linear(width, parts * hidden));
    }
    fc2 = register_module("fc2", transformer_linear(hidden, width));
  }

  at::Tensor forward(const at::Tensor& x) {
    switch (kind) {
      case FeedForward::gelu_tanh:
        return fc2(at::gelu(fc1(x), "tanh"));
      case FeedForward::swiglu_packed: {
        const auto gate_and_value = fc1(x).chunk(2, -1);
        return fc2(at::silu(gate_and_value[0]) * gate_and_value[1]);
      }
      case FeedForward::swiglu_normed:
        return fc2(norm(at::silu(fc1_g(x)) * fc1_x(x)));
      default:
        return fc2(at::gelu(fc1(x)));
    }
  }

  FeedForward kind;
  torch::nn::Linear fc1{nullptr}, fc1_g{nullptr}, fc1_x{nullptr}, fc2{nullptr};
  LayerNorm norm{nullptr};
};

/// A learned factor for each channel: Touvron et al., "Going deeper with image transformers", ICCV 2021.
struct LayerScale : torch::nn::Module {
  LayerScale(std::int64_t width, double value) : gamma(register_parameter("gamma", at::full({width}, value))) {}
  at::Tensor gamma;
};

/// x + attention(norm1(x)), then x + feed_forward(norm2(x)), each summand by its layer scale where there is one.
struct TransformerBlock : ResidualModule {
  explicit TransformerBlock(const TransformerBlockShape& shape) {
    norm1 = register_module("norm1", LayerNorm(shape.width, shape.epsilon));
    attention = register_module("attn", std::make_shared<Attention>(shape));
    norm2 = register_module("norm2", LayerNorm(shape.width, shape.epsilon));
    feed_forward = register_module(
        "mlp", std::make_shared<FeedForwardNetwork>(shape.width, shape.hidden, shape.feed_forward, shape.epsilon));
    if (shape.layer_scale == 0) return;
    if (shape.layer_scale_is_parameter) {
      gamma1 = register_parameter("gamma_1", at::full({shape.width}, shape.layer_scale));
      gamma2 = register_parameter("gamma_2", at::full({shape.width}, shape.layer_scale));
    } else {
      gamma1 = register_module("ls1", std::make_shared<LayerScale>(shape.width, shape.layer_scale))->gamma;
      gamma2 = register_module("ls2", std::make_shared<LayerScale>(shape.width, shape.layer_scale))->gamma;
    }
  }

  at::Tensor forward(const at::Tensor& input, const Rotation& rotation) {
    const auto scaled = [](const at::Tensor& x, const at::Tensor& gamma) { return gamma.defined() ? x * gamma : x; };
    const at::Tensor x = input + kept(scaled(attention->forward(norm1(input), rotation), gamma1));
    return x + kept(scaled(feed_forward->forward(norm2(x)), gamma2));
  }

  /// Makes what this block adds smaller, as the `index`-th of a stack (from 1 on): Bao et al., "BEiT", ICLR 2022.
  void shrink(std::int64_t index) {
    const at::NoGradGuard no_gradient;
    const double factor = std::sqrt(2 * static_cast<double>(index));
    attention->proj->weight.div_(factor);
    feed_forward->fc2->weight.div_(factor);
  }

  LayerNorm norm1{nullptr}, norm2{nullptr};
  std::shared_ptr<Attention> attention;
  std::shared_ptr<FeedForwardNetwork> feed_forward;
  at::Tensor gamma1, gamma2;
};

}  // namespace detail

}  // namespace tagger
