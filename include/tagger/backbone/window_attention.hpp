#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

#include <ATen/ops/arange.h>
#include <ATen/ops/constant_pad_nd.h>
#include <ATen/ops/empty.h>
#include <ATen/ops/roll.h>
#include <ATen/ops/scaled_dot_product_attention.h>
#include <torch/nn/init.h>
#include <torch/nn/module.h>

#include <tagger/backbone/transformer_block.hpp>

namespace tagger::detail {

inline constexpr double swin_epsilon = 1e-5;

/// Leaves out what a block adds, for each picture with probability `rate`, in training: Huang et al., "Deep networks
/// with stochastic depth", ECCV 2016.
inline at::Tensor stochastic_depth(const at::Tensor& branch, double rate, bool training) {
  if (!training || rate == 0) return branch;
  std::vector<std::int64_t> shape(static_cast<std::size_t>(branch.dim()), 1);
  shape[0] = branch.size(0);
  return branch * at::empty(shape, branch.options()).bernoulli_(1 - rate).div_(1 - rate);
}

/// (N, H, W, D) to (N H/w W/w, w w, D), the windows of a map whose sides are multiples of w.
inline at::Tensor windows_of(const at::Tensor& map, std::int64_t window) {
  return map.unflatten(2, {-1, window}).unflatten(1, {-1, window}).transpose(2, 3).flatten(3, 4).flatten(0, 2);
}

/// What blocks of a stage share for maps of one size; recomputed for each size and on each device.
struct WindowPlan {
  /// \param like  (N, H, W, D), a map of the stage
  WindowPlan(const at::Tensor& like, std::int64_t window, std::int64_t shift) : window(window), shift(shift) {
    const auto options = like.options().dtype(at::kLong);
    const at::Tensor along = at::arange(window, options);
    const at::Tensor offset = along.unsqueeze(1) - along + (window - 1);  // (w, w), from 0 on
    const at::Tensor both =
        offset.view({window, 1, window, 1}) * (2 * window - 1) + offset.view({1, window, 1, window});
    offsets = both.flatten();
    pad_rows = (window - like.size(1) % window) % window;
    pad_columns = (window - like.size(2) % window) % window;
    if (shift == 0) return;
    // What the shift brings together from opposite edges of the picture are neighbours no more.
    const auto regions = [&](std::int64_t size) {
      const at::Tensor place = at::arange(size, options);
      return place.ge(size - window).to(at::kLong) + place.ge(size - shift).to(at::kLong);
    };
    const at::Tensor region = regions(like.size(1) + pad_rows).unsqueeze(1) * 3 + regions(like.size(2) + pad_columns);
    const at::Tensor of_pixel = windows_of(region.view({1, region.size(0), region.size(1), 1}), window).squeeze(-1);
    mask = of_pixel.unsqueeze(1).ne(of_pixel.unsqueeze(2)).to(like.scalar_type()) * -100;
  }

  std::int64_t window, shift;
  std::int64_t pad_rows = 0, pad_columns = 0;
  at::Tensor offsets;  ///< (w^4), for each pair of pixels in a window the row of the bias table
  at::Tensor mask;     ///< (windows of a picture, w w, w w), added to attention; undefined without a shift
};

/// Attention among the pixels of each window, biased by how far apart they are.
struct WindowAttention : torch::nn::Module {
  WindowAttention(std::int64_t width, std::int64_t heads, std::int64_t window) : heads(heads) {
    const std::int64_t offsets = (2 * window - 1) * (2 * window - 1);
    table = register_parameter("relative_position_bias_table", at::empty({offsets, heads}));
    torch::nn::init::normal_(table, 0, 0.02);
    qkv = register_module("qkv", transformer_linear(width, 3 * width));
    proj = register_module("proj", transformer_linear(width, width));
  }

  /// \param windows  (N windows, w w, D)
  at::Tensor forward(const at::Tensor& windows, const WindowPlan& plan) {
    const std::int64_t area = plan.window * plan.window;
    at::Tensor bias = table.index_select(0, plan.offsets).view({area, area, heads}).permute({2, 0, 1});
    if (plan.mask.defined()) bias = (bias + plan.mask.unsqueeze(1)).flatten(0, 1);  // (windows heads, w w, w w)
    const at::Tensor all = qkv(windows).unflatten(-1, {3, heads, -1}).permute({2, 0, 3, 1, 4});
    const auto grouped = [&](std::int64_t part) {  // (N, windows heads, w w, D / heads), or N windows and heads
      return all[part].reshape({-1, bias.size(0), area, all.size(-1)});
    };
    const at::Tensor y = at::scaled_dot_product_attention(grouped(0), grouped(1), grouped(2), bias.unsqueeze(0));
    return proj(y.reshape({-1, heads, area, all.size(-1)}).transpose(1, 2).flatten(2));
  }

  std::int64_t heads;
  at::Tensor table;
  torch::nn::Linear qkv{nullptr}, proj{nullptr};
};

/// x + attention(norm1(x)) within windows, then x + feed_forward(norm2(x)). (N, H, W, D).
struct SwinBlock : torch::nn::Module {
  SwinBlock(std::int64_t width, std::int64_t heads, std::int64_t window, double drop) : drop(drop) {
    norm1 = register_module("norm1", layer_norm(width, swin_epsilon));
    attention = register_module("attn", std::make_shared<WindowAttention>(width, heads, window));
    norm2 = register_module("norm2", layer_norm(width, swin_epsilon));
    feed_forward =
        register_module("mlp", std::make_shared<FeedForwardNetwork>(width, 4 * width, FeedForward::gelu, swin_epsilon));
  }

  at::Tensor forward(const at::Tensor& input, const WindowPlan& plan) {
    const at::Tensor x = input + stochastic_depth(attend(norm1(input), plan), drop, is_training());
    return x + stochastic_depth(feed_forward->forward(norm2(x)), drop, is_training());
  }

  double drop;
  torch::nn::LayerNorm norm1{nullptr}, norm2{nullptr};
  std::shared_ptr<WindowAttention> attention;
  std::shared_ptr<FeedForwardNetwork> feed_forward;

 private:
  at::Tensor attend(at::Tensor x, const WindowPlan& plan) {
    const std::int64_t rows = x.size(1), columns = x.size(2), window = plan.window, shift = plan.shift;
    if (shift > 0) x = at::roll(x, {-shift, -shift}, {1, 2});
    if (plan.pad_rows + plan.pad_columns > 0) x = at::constant_pad_nd(x, {0, 0, 0, plan.pad_columns, 0, plan.pad_rows});
    const std::int64_t across = x.size(2) / window, down = x.size(1) / window;
    x = attention->forward(windows_of(x, window), plan);
    x = x.view({-1, down, across, window, window, x.size(-1)}).transpose(2, 3).flatten(3, 4).flatten(1, 2);
    x = x.slice(1, 0, rows).slice(2, 0, columns);
    return shift > 0 ? at::roll(x, {shift, shift}, {1, 2}) : x;
  }
};

}  // namespace tagger::detail
