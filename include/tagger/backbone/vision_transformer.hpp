#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include <ATen/ops/cat.h>
#include <ATen/ops/empty.h>
#include <torch/nn/init.h>
#include <torch/nn/modules/container/modulelist.h>
#include <torch/nn/modules/conv.h>

#include <tagger/backbone/concept.hpp>
#include <tagger/backbone/drop_path.hpp>
#include <tagger/backbone/layer_norm.hpp>
#include <tagger/backbone/picture_side.hpp>
#include <tagger/backbone/rotary.hpp>
#include <tagger/backbone/transformer_block.hpp>
#include <tagger/error.hpp>
#include <tagger/weights/resample_position.hpp>
#include <tagger/weights/state_dict.hpp>
#include <tagger/weights/tensor.hpp>

namespace tagger {

/// What a vision transformer's own classifier sees, and where the last layer normalisation is.
enum class TokenPooling {
  class_token,            ///< norm, then the class token
  average,                ///< norm, then the mean over the patches
  average_then_normalize  ///< the mean over the patches, then fc_norm
};

/// The shape of a plain vision transformer: patches, tokens, blocks that are all alike.
struct VisionTransformerShape {
  std::int64_t patch;  ///< side of a patch, in pixels
  std::int64_t depth;  ///< number of blocks
  TransformerBlockShape block;
  bool class_token = true;
  std::int64_t registers = 0;       ///< tokens that stand for nothing: Darcet et al., ICLR 2024
  bool positions = true;            ///< a learned vector for each place
  bool positions_of_prefix = true;  ///< and for class token and registers
  bool normalize_first = false;     ///< norm_pre before the first block (CLIP)
  Rotary rotary = Rotary::none;
  double rotary_places = 16;  ///< of Rotary::eva02
  TokenPooling pooling = TokenPooling::class_token;
  bool scale_fresh_weights = false;  ///< what a block adds begins smaller the deeper it is, as EVA has it

  constexpr std::int64_t prefix() const { return (class_token ? 1 : 0) + registers; }
};

/// A plain vision transformer to timm's keys: Dosovitskiy et al., "An image is worth 16x16 words: transformers for
/// image recognition at scale", ICLR 2021, and what came of it. Fresh weights are drawn as timm draws them. (N, 3, H,
/// W) to (N, T, D): class token, registers, then a token for each patch, all after the last layer normalisation. H and
/// W are those that it was made for, unless it learned no positions: then multiples of the patch.
struct VisionTransformer : torch::nn::Module {
  /// \throws OptionError where the side that `options` ask for is no multiple of the patch
  VisionTransformer(const VisionTransformerShape& shape, const BackboneSpec& spec, const BackboneOptions& options)
      : shape_(shape), name_(spec.name), grid_(picture_side(spec, options) / shape.patch) {
    const std::int64_t width = shape.block.width;
    patch_embed = register_module("patch_embed", std::make_shared<torch::nn::Module>());
    proj = patch_embed->register_module(
        "proj", torch::nn::Conv2d(
                    torch::nn::Conv2dOptions(3, width, shape.patch).stride(shape.patch).bias(!shape.normalize_first)));
    const double fresh = shape.scale_fresh_weights ? 0.02 : 1e-6;
    const auto tokens = [&](const char* name, std::int64_t count, double deviation) {
      at::Tensor value = register_parameter(name, at::empty({1, count, width}));
      torch::nn::init::normal_(value, 0, deviation);
      return value;
    };
    if (shape.class_token) cls_token = tokens("cls_token", 1, fresh);
    if (shape.registers > 0) reg_token = tokens("reg_token", shape.registers, fresh);
    if (shape.positions) pos_embed = tokens("pos_embed", position_prefix() + grid_ * grid_, 0.02);
    if (shape.normalize_first) norm_pre = register_module("norm_pre", LayerNorm(width, shape.block.epsilon));
    for (std::int64_t i = 0; i < shape.depth; ++i) {
      blocks.push_back(std::make_shared<detail::TransformerBlock>(shape.block));
      if (shape.scale_fresh_weights) blocks.back()->shrink(i + 1);
      list->push_back(blocks.back());
    }
    register_module("blocks", list);
    place_evenly(blocks);
    if (options.drop_path) set_drop_path(*this, *options.drop_path);
    norm = register_module(shape.pooling == TokenPooling::average_then_normalize ? "fc_norm" : "norm",
                           LayerNorm(width, shape.block.epsilon));
  }

  TokenSequence forward(const at::Tensor& images) {
    check(images);
    const std::int64_t prefix = shape_.prefix();
    const at::Tensor patches = proj(images);
    at::Tensor x = patches.flatten(2).transpose(1, 2);
    if (shape_.positions && !shape_.positions_of_prefix) x = x + pos_embed;
    std::vector<at::Tensor> parts;
    for (const auto& token : {cls_token, reg_token}) {
      if (token.defined()) parts.push_back(token.expand({x.size(0), -1, -1}));
    }
    parts.push_back(x);
    x = at::cat(parts, 1);
    if (shape_.positions && shape_.positions_of_prefix) x = x + pos_embed;
    if (norm_pre) x = norm_pre(x);
    const detail::Rotation rotation{
        shape_.rotary,       patches.size(2), patches.size(3), prefix, shape_.block.width / shape_.block.heads, x,
        shape_.rotary_places};
    for (const auto& block : blocks) x = block->forward(x, rotation);
    const at::Tensor normed = norm(x);
    switch (shape_.pooling) {
      case TokenPooling::average:
        return {normed, normed.slice(1, prefix).mean(1), prefix};
      case TokenPooling::average_then_normalize:
        return {normed, norm(x.slice(1, prefix).mean(1)), prefix};
      default:
        return {normed, normed.select(1, 0), prefix};
    }
  }

  /// `file` with its positions resampled to this network's number of patches.
  StateDict adapt(const StateDict& file) const {
    const TensorData* positions = file.find("pos_embed");
    if (!shape_.positions || positions == nullptr || positions->shape.size() != 3) return file;
    const at::Tensor resampled = resample_positions(as_view(*positions), position_prefix(), grid_);
    if (resampled.sizes() == positions->shape) return file;
    StateDict adapted = file.emptied();
    for (const auto& [name, data] : file) adapted.add(name, &data == positions ? as_data(resampled) : data);
    adapted.notes.push_back("positions resampled from " + std::to_string(positions->shape[1]) + " to " +
                            std::to_string(resampled.size(1)));
    return adapted;
  }

  std::shared_ptr<torch::nn::Module> patch_embed;
  torch::nn::Conv2d proj{nullptr};
  at::Tensor cls_token, reg_token, pos_embed;
  LayerNorm norm_pre{nullptr}, norm{nullptr};
  std::vector<std::shared_ptr<detail::TransformerBlock>> blocks;
  torch::nn::ModuleList list;

 private:
  std::int64_t position_prefix() const { return shape_.positions_of_prefix ? shape_.prefix() : 0; }

  void check(const at::Tensor& images) const {
    const std::int64_t height = images.size(2), width = images.size(3), side = grid_ * shape_.patch;
    const bool fits =
        shape_.positions ? height == side && width == side : height % shape_.patch == 0 && width % shape_.patch == 0;
    if (fits) return;
    throw OptionError(name_ + " was made for pictures of " +
                      (shape_.positions ? std::to_string(side) + " x " + std::to_string(side)
                                        : "multiples of " + std::to_string(shape_.patch)) +
                      " pixels, not of " + std::to_string(height) + " x " + std::to_string(width) +
                      ": give its input_size, or resize them");
  }

  VisionTransformerShape shape_;
  std::string name_;
  std::int64_t grid_;  ///< patches in a row
};

namespace detail {

/// A row of the catalogue for a plain vision transformer; the pictures' statistics are ImageNet's.
inline BackboneSpec vision_transformer_spec(std::string name, const VisionTransformerShape& shape) {
  return {.name = std::move(name),
          .features = shape.block.width,
          .size_multiple = static_cast<int>(shape.patch),
          .interpolation = Interpolation::bicubic,
          .first_conv = "patch_embed.proj",
          .classifier = "head"};
}

inline constexpr std::array<float, 3> clip_mean{0.48145466f, 0.4578275f, 0.40821073f};
inline constexpr std::array<float, 3> clip_std{0.26862954f, 0.26130258f, 0.27577711f};

}  // namespace detail

}  // namespace tagger
