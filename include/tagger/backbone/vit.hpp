#pragma once

#include <cstdint>
#include <string>
#include <utility>

#include <tagger/backbone/vision_transformer.hpp>

namespace tagger {

namespace detail {

constexpr VisionTransformerShape vit_shape(std::int64_t patch, std::int64_t width, std::int64_t depth,
                                           std::int64_t heads) {
  return {.patch = patch, .depth = depth, .block = {.width = width, .heads = heads, .hidden = 4 * width}};
}

/// Steiner et al., "How to train your ViT? Data, augmentation, and regularization in vision transformers", TMLR 2022.
inline BackboneSpec vit_spec(std::string name, const VisionTransformerShape& shape,
                             const std::string& weights = "augreg_in21k_ft_in1k") {
  BackboneSpec spec = vision_transformer_spec(std::move(name), shape);
  spec.mean = spec.std = {0.5f, 0.5f, 0.5f};
  spec.crop = 0.9;
  spec.weights = {{"timm/" + spec.name + "." + weights, "apache-2.0", "ImageNet-21k, then ImageNet-1k"},
                  {"timm/" + spec.name + ".augreg_in21k", "apache-2.0", "ImageNet-21k"}};
  return spec;
}

}  // namespace detail

struct ViTTinyPatch16_224 : VisionTransformer {
  static constexpr VisionTransformerShape shape = detail::vit_shape(16, 192, 12, 3);
  static BackboneSpec spec() { return detail::vit_spec("vit_tiny_patch16_224", shape); }
  explicit ViTTinyPatch16_224(const BackboneOptions& options = {}) : VisionTransformer(shape, spec(), options) {}
};
struct ViTSmallPatch16_224 : VisionTransformer {
  static constexpr VisionTransformerShape shape = detail::vit_shape(16, 384, 12, 6);
  static BackboneSpec spec() { return detail::vit_spec("vit_small_patch16_224", shape); }
  explicit ViTSmallPatch16_224(const BackboneOptions& options = {}) : VisionTransformer(shape, spec(), options) {}
};
struct ViTBasePatch16_224 : VisionTransformer {
  static constexpr VisionTransformerShape shape = detail::vit_shape(16, 768, 12, 12);
  static BackboneSpec spec() { return detail::vit_spec("vit_base_patch16_224", shape, "augreg2_in21k_ft_in1k"); }
  explicit ViTBasePatch16_224(const BackboneOptions& options = {}) : VisionTransformer(shape, spec(), options) {}
};
struct ViTBasePatch32_224 : VisionTransformer {
  static constexpr VisionTransformerShape shape = detail::vit_shape(32, 768, 12, 12);
  static BackboneSpec spec() { return detail::vit_spec("vit_base_patch32_224", shape); }
  explicit ViTBasePatch32_224(const BackboneOptions& options = {}) : VisionTransformer(shape, spec(), options) {}
};
struct ViTLargePatch16_224 : VisionTransformer {
  static constexpr VisionTransformerShape shape = detail::vit_shape(16, 1024, 24, 16);
  static BackboneSpec spec() { return detail::vit_spec("vit_large_patch16_224", shape); }
  explicit ViTLargePatch16_224(const BackboneOptions& options = {}) : VisionTransformer(shape, spec(), options) {}
};

/// The image tower of CLIP: Radford et al., "Learning transferable visual models from natural language supervision",
/// ICML 2021.
struct ViTBasePatch16Clip_224 : VisionTransformer {
  static constexpr VisionTransformerShape shape{.patch = 16,
                                                .depth = 12,
                                                .block = {.width = 768, .heads = 12, .hidden = 3072, .epsilon = 1e-5},
                                                .normalize_first = true};
  static BackboneSpec spec() {
    BackboneSpec spec = detail::vision_transformer_spec("vit_base_patch16_clip_224", shape);
    spec.mean = detail::clip_mean;
    spec.std = detail::clip_std;
    spec.crop = 0.95;
    spec.weights = {
        {"timm/vit_base_patch16_clip_224.laion2b_ft_in12k_in1k", "apache-2.0", "LAION-2B, ImageNet-12k, ImageNet-1k"},
        {"timm/vit_base_patch16_clip_224.laion2b", "apache-2.0", "LAION-2B"},
        {"timm/vit_base_patch16_clip_224.openai", "apache-2.0", "OpenAI's pictures with texts"}};
    return spec;
  }
  explicit ViTBasePatch16Clip_224(const BackboneOptions& options = {}) : VisionTransformer(shape, spec(), options) {}
};

namespace detail {

constexpr VisionTransformerShape wd_vit_shape(std::int64_t patch, std::int64_t width, std::int64_t depth,
                                              std::int64_t heads) {
  VisionTransformerShape shape = vit_shape(patch, width, depth, heads);
  shape.block.feed_forward = FeedForward::gelu_tanh;
  shape.class_token = false;
  shape.pooling = TokenPooling::average;
  return shape;
}

inline BackboneSpec wd_vit_spec(std::string name, const VisionTransformerShape& shape, std::string weights) {
  BackboneSpec spec = vision_transformer_spec(std::move(name), shape);
  spec.input_size = 448;
  spec.mean = spec.std = {0.5f, 0.5f, 0.5f};
  spec.crop = 1;
  spec.weights = {{std::move(weights), "apache-2.0", "Danbooru, 10,861 tags"}};
  return spec;
}

}  // namespace detail

/// The network of SmilingWolf's wd-vit-tagger-v3: timm's vit_base_patch16_224 with class_token=False,
/// global_pool="avg", fc_norm=False, act_layer="gelu_tanh", img_size=448.
struct WDViTBasePatch16_448 : VisionTransformer {
  static constexpr VisionTransformerShape shape = detail::wd_vit_shape(16, 768, 12, 12);
  static BackboneSpec spec() {
    return detail::wd_vit_spec("wd_vit_base_patch16_448", shape, "SmilingWolf/wd-vit-tagger-v3");
  }
  explicit WDViTBasePatch16_448(const BackboneOptions& options = {}) : VisionTransformer(shape, spec(), options) {}
};

/// The network of SmilingWolf's wd-vit-large-tagger-v3: timm's vit_large_patch16_224 with the same arguments and
/// patch_size=14.
struct WDViTLargePatch14_448 : VisionTransformer {
  static constexpr VisionTransformerShape shape = detail::wd_vit_shape(14, 1024, 24, 16);
  static BackboneSpec spec() {
    return detail::wd_vit_spec("wd_vit_large_patch14_448", shape, "SmilingWolf/wd-vit-large-tagger-v3");
  }
  explicit WDViTLargePatch14_448(const BackboneOptions& options = {}) : VisionTransformer(shape, spec(), options) {}
};

static_assert(Backbone<ViTTinyPatch16_224>);

}  // namespace tagger
