#pragma once

#include <cmath>
#include <cstdint>
#include <memory>
#include <optional>

#include <ATen/ops/arange.h>
#include <ATen/ops/cat.h>
#include <ATen/ops/constant_pad_nd.h>
#include <ATen/ops/empty.h>
#include <ATen/ops/full.h>
#include <ATen/ops/linear.h>
#include <ATen/ops/roll.h>
#include <ATen/ops/scaled_dot_product_attention.h>
#include <ATen/ops/stack.h>
#include <ATen/ops/zeros.h>
#include <ATen/ops/zeros_like.h>
#include <torch/nn/init.h>
#include <torch/nn/module.h>

#include <tagger/backbone/drop_path.hpp>
#include <tagger/backbone/layer_norm.hpp>
#include <tagger/backbone/transformer_block.hpp>

namespace tagger {

/// What blocks of windows are like: those of Swin, or of its second version (Liu et al., "Swin Transformer V2: scaling
/// up capacity and resolution", CVPR 2022).
enum class SwinVersion {
  first,  ///< a bias for each offset; normalisation before attention and feed-forward network
  second  ///< a network from offsets to biases, cosines for products; normalisation after them
};

namespace detail {

inline constexpr double swin_epsilon = 1e-5;

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

/// A bias for each offset in a window, and each head, by a network that sees the logarithms of offsets: a window of any
/// side will do. Offsets from -1 to 1 (the window's side) become sign(o) log2(1 + 8 |o|) / 3.
struct ContinuousBias : torch::nn::Module {
  explicit ContinuousBias(std::int64_t heads) {
    hidden = register_module("0", transformer_linear(2, 512));
    out = register_module("2", transformer_linear(512, heads, false));
  }

  /// ((2 w - 1)^2, heads)
  at::Tensor forward(std::int64_t window, const at::TensorOptions& options) {
    const std::int64_t side = 2 * window - 1;
    const auto reach = static_cast<double>(window > 1 ? window - 1 : 1);
    const at::Tensor offset = at::arange(1 - window, window, options.dtype(at::kFloat)) / reach;
    const at::Tensor logarithm = offset.sign() * (offset.abs() * 8 + 1).log2() / 3;
    const at::Tensor pairs =
        at::stack({logarithm.unsqueeze(1).expand({side, side}), logarithm.expand({side, side})}, -1);
    return out(hidden(pairs.flatten(0, 1).to(options.dtype())).relu()).sigmoid() * 16;
  }

  torch::nn::Linear hidden{nullptr}, out{nullptr};
};

/// Attention among the pixels of each window, biased by how far apart they are.
struct WindowAttention : torch::nn::Module {
  WindowAttention(SwinVersion version, std::int64_t width, std::int64_t heads, std::int64_t window) : heads(heads) {
    if (version == SwinVersion::second) {
      network = register_module("cpb_mlp", std::make_shared<ContinuousBias>(heads));
      logit_scale = register_parameter("logit_scale", at::full({heads, 1, 1}, std::log(10.0)));
      q_bias = register_parameter("q_bias", at::zeros({width}));
      v_bias = register_parameter("v_bias", at::zeros({width}));
    } else {
      const std::int64_t offsets = (2 * window - 1) * (2 * window - 1);
      table = register_parameter("relative_position_bias_table", at::empty({offsets, heads}));
      torch::nn::init::normal_(table, 0, 0.02);
    }
    qkv = register_module("qkv", transformer_linear(width, 3 * width, version == SwinVersion::first));
    proj = register_module("proj", transformer_linear(width, width));
  }

  /// \param windows  (N windows, w w, D)
  at::Tensor forward(const at::Tensor& windows, const WindowPlan& plan) {
    const std::int64_t area = plan.window * plan.window;
    const at::Tensor each = network ? network->forward(plan.window, qkv->weight.options()) : table;
    at::Tensor bias = each.index_select(0, plan.offsets).view({area, area, heads}).permute({2, 0, 1});
    if (plan.mask.defined()) bias = (bias + plan.mask.unsqueeze(1)).flatten(0, 1);  // (windows heads, w w, w w)
    const at::Tensor qkv_bias = network ? at::cat({q_bias, at::zeros_like(q_bias), v_bias}) : qkv->bias;
    const at::Tensor all =
        at::linear(windows, qkv->weight, qkv_bias).unflatten(-1, {3, heads, -1}).permute({2, 0, 3, 1, 4});
    at::Tensor q = all[0], k = all[1];
    std::optional<double> scale;  // 1 / sqrt(D / heads)
    if (network) {
      const auto unit = [](const at::Tensor& x) { return x / x.norm(2, -1, true).clamp_min(1e-12); };
      q = (unit(q) * logit_scale.clamp_max(std::log(100.0)).exp()).to(all.scalar_type());
      k = unit(k).to(all.scalar_type());
      scale = 1;
    }
    const auto grouped = [&](const at::Tensor& part) {  // (N, windows heads, w w, D / heads), or N windows and heads
      return part.reshape({-1, bias.size(0), area, all.size(-1)});
    };
    const at::Tensor y = at::scaled_dot_product_attention(grouped(q), grouped(k), grouped(all[2]), bias.unsqueeze(0),
                                                          /*dropout_p=*/0, /*is_causal=*/false, scale);
    return proj(y.reshape({-1, heads, area, all.size(-1)}).transpose(1, 2).flatten(2));
  }

  std::int64_t heads;
  at::Tensor table;                        ///< of the first version
  at::Tensor logit_scale, q_bias, v_bias;  ///< of the second
  std::shared_ptr<ContinuousBias> network;
  torch::nn::Linear qkv{nullptr}, proj{nullptr};
};

/// x + attention(norm1(x)) within windows, then x + feed_forward(norm2(x)); in the second version
/// x + norm1(attention(x)), then x + norm2(feed_forward(x)), both nothing at first. (N, H, W, D).
struct SwinBlock : ResidualModule {
  SwinBlock(SwinVersion version, FeedForward kind, std::int64_t width, std::int64_t heads, std::int64_t window)
      : normalizes_after(version == SwinVersion::second) {
    norm1 = register_module("norm1", LayerNorm(width, swin_epsilon));
    attention = register_module("attn", std::make_shared<WindowAttention>(version, width, heads, window));
    norm2 = register_module("norm2", LayerNorm(width, swin_epsilon));
    feed_forward = register_module("mlp", std::make_shared<FeedForwardNetwork>(width, 4 * width, kind, swin_epsilon));
    if (!normalizes_after) return;
    torch::nn::init::zeros_(norm1->weight);
    torch::nn::init::zeros_(norm2->weight);
  }

  at::Tensor forward(const at::Tensor& input, const WindowPlan& plan) {
    const auto sum = [&](const at::Tensor& x, LayerNorm& norm, auto branch) {
      return x + kept(normalizes_after ? norm(branch(x)) : branch(norm(x)));
    };
    const at::Tensor x = sum(input, norm1, [&](const at::Tensor& y) { return attend(y, plan); });
    return sum(x, norm2, [&](const at::Tensor& y) { return feed_forward->forward(y); });
  }

  bool normalizes_after;
  LayerNorm norm1{nullptr}, norm2{nullptr};
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

}  // namespace detail

}  // namespace tagger
