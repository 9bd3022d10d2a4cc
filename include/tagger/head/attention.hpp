#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include <ATen/core/Tensor.h>
#include <ATen/ops/dropout.h>
#include <ATen/ops/empty.h>
#include <ATen/ops/linear.h>
#include <ATen/ops/relu.h>
#include <ATen/ops/scaled_dot_product_attention.h>
#include <ATen/ops/zeros.h>
#include <torch/nn/init.h>
#include <torch/nn/modules/linear.h>

#include <tagger/backbone/layer_norm.hpp>
#include <tagger/error.hpp>

namespace tagger::detail {

/// Scaled dot-product attention of several heads: Vaswani et al., "Attention is all you need", NeurIPS 2017; keys and
/// fresh weights as torch's MultiheadAttention, but the pictures first: queries (N, Q, D) of keys and values (N, L, D).
struct MultiheadAttention : torch::nn::Module {
  /// \throws OptionError when the width cannot be shared out among the heads
  MultiheadAttention(std::int64_t width, std::int64_t heads, double dropout) : heads(heads), dropout(dropout) {
    if (width % heads != 0) {
      throw OptionError("a width of " + std::to_string(width) + " cannot be shared out among " + std::to_string(heads) +
                        " heads of attention; one must be a multiple of the other");
    }
    in_proj_weight = register_parameter("in_proj_weight", at::empty({3 * width, width}));
    in_proj_bias = register_parameter("in_proj_bias", at::zeros({3 * width}));
    out_proj = register_module("out_proj", torch::nn::Linear(width, width));
    torch::nn::init::xavier_uniform_(in_proj_weight);
    torch::nn::init::zeros_(out_proj->bias);
  }

  at::Tensor forward(const at::Tensor& query, const at::Tensor& key, const at::Tensor& value) {
    const auto weights = in_proj_weight.chunk(3), biases = in_proj_bias.chunk(3);
    const auto project = [&](const at::Tensor& x, std::size_t i) {
      return at::linear(x, weights[i], biases[i]).unflatten(-1, {heads, -1}).transpose(1, 2);
    };
    const at::Tensor attended =
        at::scaled_dot_product_attention(project(query, 0), project(key, 1), project(value, 2), /*attn_mask=*/{},
                                         /*dropout_p=*/is_training() ? dropout : 0);
    return out_proj(attended.transpose(1, 2).flatten(2));
  }

  std::int64_t heads;
  double dropout;
  at::Tensor in_proj_weight, in_proj_bias;
  torch::nn::Linear out_proj{nullptr};
};

/// Which numbers torch gives the parts of an AttentionLayer in its encoder's and in its decoder's layers.
struct AttentionLayerNames {
  const char* attention;
  const char* attention_norm;
  const char* feed_forward_norm;
};
inline constexpr AttentionLayerNames encoder_layer{"self_attn", "norm1", "norm2"};
inline constexpr AttentionLayerNames decoder_layer{"multihead_attn", "norm2", "norm3"};

/// x = norm(x + attention), then x = norm(x + W2 relu(W1 x)): what an encoder's layer does, and a decoder's without
/// attention among its queries. Keys and fresh weights as torch's TransformerEncoderLayer and TransformerDecoderLayer.
struct AttentionLayer : torch::nn::Module {
  struct Shape {
    std::int64_t width;
    std::int64_t heads;
    std::int64_t hidden;  ///< width of the feed-forward network
    double dropout;
  };

  AttentionLayer(const Shape& shape, const AttentionLayerNames& names) : dropout_share(shape.dropout) {
    attention =
        register_module(names.attention, std::make_shared<MultiheadAttention>(shape.width, shape.heads, shape.dropout));
    linear1 = register_module("linear1", torch::nn::Linear(shape.width, shape.hidden));
    linear2 = register_module("linear2", torch::nn::Linear(shape.hidden, shape.width));
    attention_norm = register_module(names.attention_norm, LayerNorm(shape.width));
    feed_forward_norm = register_module(names.feed_forward_norm, LayerNorm(shape.width));
  }

  at::Tensor forward(const at::Tensor& input, const at::Tensor& query, const at::Tensor& key, const at::Tensor& value) {
    const at::Tensor x = attention_norm(input + dropout(attention->forward(query, key, value)));
    return feed_forward_norm(x + dropout(linear2(dropout(at::relu(linear1(x))))));
  }

  at::Tensor dropout(const at::Tensor& x) const { return at::dropout(x, dropout_share, is_training()); }

  double dropout_share;
  std::shared_ptr<MultiheadAttention> attention;
  torch::nn::Linear linear1{nullptr}, linear2{nullptr};
  LayerNorm attention_norm{nullptr}, feed_forward_norm{nullptr};
};

}  // namespace tagger::detail
