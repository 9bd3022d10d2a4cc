#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include <ATen/ops/constant_pad_nd.h>
#include <torch/nn/modules/container/modulelist.h>
#include <torch/nn/modules/conv.h>

#include <tagger/backbone/concept.hpp>
#include <tagger/backbone/layer_norm.hpp>
#include <tagger/backbone/picture_side.hpp>
#include <tagger/backbone/window_attention.hpp>
#include <tagger/weights/resample_position.hpp>
#include <tagger/weights/state_dict.hpp>
#include <tagger/weights/tensor.hpp>

namespace tagger {

/// The shape of a Swin Transformer: channels of the first of four stages (each doubles them), blocks and heads of each.
struct SwinShape {
  std::int64_t width;
  std::array<std::int64_t, 4> depths;
  std::array<std::int64_t, 4> heads;
  std::int64_t window = 7;  ///< pixels of the map in a row of a window
  SwinVersion version = SwinVersion::first;
  FeedForward feed_forward = FeedForward::gelu;
};

namespace detail {

/// Halves a map: four neighbours become one pixel of twice the channels. (N, H, W, D) to (N, H / 2, W / 2, 2 D).
struct PatchMerging : torch::nn::Module {
  PatchMerging(SwinVersion version, std::int64_t width) : normalizes_after(version == SwinVersion::second) {
    norm = register_module("norm", LayerNorm((normalizes_after ? 2 : 4) * width, swin_epsilon));
    reduction = register_module("reduction", transformer_linear(4 * width, 2 * width, false));
  }

  at::Tensor forward(at::Tensor x) {
    const std::int64_t odd_rows = x.size(1) % 2, odd_columns = x.size(2) % 2;
    if (odd_rows + odd_columns > 0) x = at::constant_pad_nd(x, {0, 0, 0, odd_columns, 0, odd_rows});
    x = x.unflatten(2, {-1, 2}).unflatten(1, {-1, 2}).permute({0, 1, 3, 4, 2, 5}).flatten(3);
    return normalizes_after ? norm(reduction(x)) : reduction(norm(x));
  }

  bool normalizes_after;

  LayerNorm norm{nullptr};
  torch::nn::Linear reduction{nullptr};
};

/// Blocks that see windows of the map, every other one shifted by half a window, after halving the map in all but the
/// first stage.
struct SwinStage : torch::nn::Module {
  /// \param side  of the stage's maps: a window is no larger
  SwinStage(const SwinShape& shape, std::size_t index, std::int64_t side)
      : window(std::min(shape.window, side)), shift(side > shape.window ? shape.window / 2 : 0) {
    const std::int64_t width = shape.width << index;
    if (index > 0) downsample = register_module("downsample", std::make_shared<PatchMerging>(shape.version, width / 2));
    for (std::int64_t i = 0; i < shape.depths[index]; ++i) {
      blocks.push_back(
          std::make_shared<SwinBlock>(shape.version, shape.feed_forward, width, shape.heads[index], window));
      list->push_back(blocks.back());
    }
    register_module("blocks", list);
  }

  at::Tensor forward(at::Tensor x) {
    if (downsample) x = downsample->forward(x);
    const WindowPlan still{x, window, 0}, shifted{x, window, shift};
    for (std::size_t i = 0; i < blocks.size(); ++i) x = blocks[i]->forward(x, i % 2 == 0 ? still : shifted);
    return x;
  }

  std::int64_t window, shift;
  std::shared_ptr<PatchMerging> downsample;
  std::vector<std::shared_ptr<SwinBlock>> blocks;
  torch::nn::ModuleList list;
};

}  // namespace detail

/// Swin Transformer to timm's keys: Liu et al., "Swin Transformer: hierarchical vision transformer using shifted
/// windows", ICCV 2021; and its second version, CVPR 2022. Fresh weights are drawn as timm draws them, and the
/// drop-path rate is 0.1 unless `options` have another. (N, 3, H, W) to (N, 8 width, H / 32, W / 32), rounded up.
struct Swin : torch::nn::Module {
  static constexpr std::int64_t patch = 4;

  /// \throws OptionError where the side that `options` ask for is no multiple of the patch
  Swin(const SwinShape& shape, const BackboneSpec& spec, const BackboneOptions& options) {
    patch_embed = register_module("patch_embed", std::make_shared<torch::nn::Module>());
    proj = patch_embed->register_module(
        "proj", torch::nn::Conv2d(torch::nn::Conv2dOptions(3, shape.width, patch).stride(patch)));
    patch_norm = patch_embed->register_module("norm", LayerNorm(shape.width, detail::swin_epsilon));
    std::int64_t side = picture_side(spec, options) / patch;
    for (std::size_t i = 0; i < shape.depths.size(); ++i) {
      if (i > 0) side = (side + 1) / 2;
      stages.push_back(std::make_shared<detail::SwinStage>(shape, i, side));
      list->push_back(stages.back());
    }
    register_module("layers", list);
    norm = register_module("norm", LayerNorm(8 * shape.width, detail::swin_epsilon));
    place_evenly(detail::residual_modules(*this));
    set_drop_path(*this, options.drop_path.value_or(0.1));
  }

  FeatureMap forward(const at::Tensor& images) {
    at::Tensor x = patch_norm(proj(images).permute({0, 2, 3, 1}));
    for (const auto& stage : stages) x = stage->forward(x);
    return {norm(x).permute({0, 3, 1, 2})};
  }

  /// `file` with the biases of other windows resampled to this network's.
  StateDict adapt(const StateDict& file) const {
    StateDict adapted = file.emptied();
    const auto parameters = named_parameters();
    bool any = false;
    for (const auto& [name, data] : file) {
      const at::Tensor* ours = name.ends_with("relative_position_bias_table") ? parameters.find(name) : nullptr;
      const bool other = ours != nullptr && data.shape.size() == 2 && data.shape != ours->sizes().vec();
      adapted.add(name, other ? as_data(resample_offsets(as_view(data), ours->size(0))) : data);
      any = any || other;
    }
    if (any) adapted.notes.push_back("biases of windows of another size were resampled");
    return adapted;
  }

  std::shared_ptr<torch::nn::Module> patch_embed;
  torch::nn::Conv2d proj{nullptr};
  LayerNorm patch_norm{nullptr}, norm{nullptr};
  std::vector<std::shared_ptr<detail::SwinStage>> stages;
  torch::nn::ModuleList list;

 private:
  /// i of "layers.i.", -1 for other names.
  std::int64_t stage_of(const std::string& name) const {
    if (!name.starts_with("layers.") || name.size() < 8) return -1;
    const std::int64_t stage = name[7] - '0';
    return stage >= 0 && stage < static_cast<std::int64_t>(stages.size()) ? stage : -1;
  }
};

namespace detail {
inline BackboneSpec swin_spec(std::string name, const SwinShape& shape, std::vector<std::string> weights) {
  BackboneSpec spec{.name = std::move(name),
                    .features = 8 * shape.width,
                    .input_size = shape.version == SwinVersion::first ? 224 : 256,
                    .size_multiple = Swin::patch,
                    .interpolation = Interpolation::bicubic,
                    .crop = 0.9,
                    .first_conv = "patch_embed.proj",
                    .classifier = "head.fc"};
  for (const auto& each : weights) {
    spec.weights.push_back({"timm/" + spec.name + "." + each, "mit",
                            each == "ms_in1k" ? "ImageNet-1k" : "ImageNet-22k, then ImageNet-1k"});
  }
  return spec;
}
}  // namespace detail

struct SwinTinyPatch4Window7_224 : Swin {
  static constexpr SwinShape shape{.width = 96, .depths = {2, 2, 6, 2}, .heads = {3, 6, 12, 24}};
  static BackboneSpec spec() {
    return detail::swin_spec("swin_tiny_patch4_window7_224", shape, {"ms_in1k", "ms_in22k_ft_in1k"});
  }
  explicit SwinTinyPatch4Window7_224(const BackboneOptions& options = {}) : Swin(shape, spec(), options) {}
};
struct SwinSmallPatch4Window7_224 : Swin {
  static constexpr SwinShape shape{.width = 96, .depths = {2, 2, 18, 2}, .heads = {3, 6, 12, 24}};
  static BackboneSpec spec() {
    return detail::swin_spec("swin_small_patch4_window7_224", shape, {"ms_in22k_ft_in1k", "ms_in1k"});
  }
  explicit SwinSmallPatch4Window7_224(const BackboneOptions& options = {}) : Swin(shape, spec(), options) {}
};
struct SwinBasePatch4Window7_224 : Swin {
  static constexpr SwinShape shape{.width = 128, .depths = {2, 2, 18, 2}, .heads = {4, 8, 16, 32}};
  static BackboneSpec spec() {
    return detail::swin_spec("swin_base_patch4_window7_224", shape, {"ms_in22k_ft_in1k", "ms_in1k"});
  }
  explicit SwinBasePatch4Window7_224(const BackboneOptions& options = {}) : Swin(shape, spec(), options) {}
};

struct SwinV2TinyWindow8_256 : Swin {
  static constexpr SwinShape shape{
      .width = 96, .depths = {2, 2, 6, 2}, .heads = {3, 6, 12, 24}, .window = 8, .version = SwinVersion::second};
  static BackboneSpec spec() { return detail::swin_spec("swinv2_tiny_window8_256", shape, {"ms_in1k"}); }
  explicit SwinV2TinyWindow8_256(const BackboneOptions& options = {}) : Swin(shape, spec(), options) {}
};
struct SwinV2BaseWindow8_256 : Swin {
  static constexpr SwinShape shape{
      .width = 128, .depths = {2, 2, 18, 2}, .heads = {4, 8, 16, 32}, .window = 8, .version = SwinVersion::second};
  static BackboneSpec spec() { return detail::swin_spec("swinv2_base_window8_256", shape, {"ms_in1k"}); }
  explicit SwinV2BaseWindow8_256(const BackboneOptions& options = {}) : Swin(shape, spec(), options) {}
};

/// The network of SmilingWolf's wd-swinv2-tagger-v3: timm's swinv2_base_window8_256 with img_size=448, window_size=14,
/// act_layer="gelu_tanh".
struct WDSwinV2BaseWindow14_448 : Swin {
  static constexpr SwinShape shape{.width = 128,
                                   .depths = {2, 2, 18, 2},
                                   .heads = {4, 8, 16, 32},
                                   .window = 14,
                                   .version = SwinVersion::second,
                                   .feed_forward = FeedForward::gelu_tanh};
  static BackboneSpec spec() {
    BackboneSpec spec = detail::swin_spec("wd_swinv2_base_window14_448", shape, {});
    spec.input_size = 448;
    spec.mean = spec.std = {0.5f, 0.5f, 0.5f};
    spec.crop = 1;
    spec.weights = {{"SmilingWolf/wd-swinv2-tagger-v3", "apache-2.0", "Danbooru, 10,861 tags"}};
    return spec;
  }
  explicit WDSwinV2BaseWindow14_448(const BackboneOptions& options = {}) : Swin(shape, spec(), options) {}
};

static_assert(Backbone<SwinTinyPatch4Window7_224>);

}  // namespace tagger
