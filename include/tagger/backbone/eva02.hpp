#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include <tagger/backbone/vision_transformer.hpp>

namespace tagger {

namespace detail {

constexpr VisionTransformerShape eva02_shape(const TransformerBlockShape& block, std::int64_t depth = 12) {
  return {.patch = 14,
          .depth = depth,
          .block = block,
          .rotary = Rotary::eva02,
          .pooling = TokenPooling::average_then_normalize,
          .scale_fresh_weights = true};
}

/// The tiny and the small one.
constexpr TransformerBlockShape eva02_packed(std::int64_t width, std::int64_t heads) {
  return {.width = width,
          .heads = heads,
          .hidden = width * 8 / 3,
          .projection = Projection::fused_without_key,
          .feed_forward = FeedForward::swiglu_packed};
}

/// The base and the large one.
constexpr TransformerBlockShape eva02_normed(std::int64_t width, std::int64_t heads) {
  return {.width = width,
          .heads = heads,
          .hidden = width * 8 / 3,
          .projection = Projection::split_without_key,
          .feed_forward = FeedForward::swiglu_normed};
}

inline BackboneSpec eva02_spec(std::string name, const VisionTransformerShape& shape, int input_size,
                               std::vector<KnownWeights> weights) {
  BackboneSpec spec = vision_transformer_spec(std::move(name), shape);
  spec.input_size = input_size;
  spec.mean = clip_mean;
  spec.std = clip_std;
  spec.crop = 1;
  spec.weights = std::move(weights);
  return spec;
}

}  // namespace detail

/// Fang et al., "EVA-02: a visual representation for neon genesis", Image and Vision Computing, 2024: rotary positions
/// besides learned ones, SwiGLU, keys without bias.
struct EVA02TinyPatch14_336 : VisionTransformer {
  static constexpr VisionTransformerShape shape = detail::eva02_shape(detail::eva02_packed(192, 3));
  static BackboneSpec spec() {
    return detail::eva02_spec(
        "eva02_tiny_patch14_336", shape, 336,
        {{"timm/eva02_tiny_patch14_336.mim_in22k_ft_in1k", "mit", "ImageNet-22k without labels, then ImageNet-1k"}});
  }
  explicit EVA02TinyPatch14_336(const BackboneOptions& options = {}) : VisionTransformer(shape, spec(), options) {}
};
struct EVA02SmallPatch14_336 : VisionTransformer {
  static constexpr VisionTransformerShape shape = detail::eva02_shape(detail::eva02_packed(384, 6));
  static BackboneSpec spec() {
    return detail::eva02_spec(
        "eva02_small_patch14_336", shape, 336,
        {{"timm/eva02_small_patch14_336.mim_in22k_ft_in1k", "mit", "ImageNet-22k without labels, then ImageNet-1k"}});
  }
  explicit EVA02SmallPatch14_336(const BackboneOptions& options = {}) : VisionTransformer(shape, spec(), options) {}
};
struct EVA02BasePatch14_448 : VisionTransformer {
  static constexpr VisionTransformerShape shape = detail::eva02_shape(detail::eva02_normed(768, 12));
  static BackboneSpec spec() {
    return detail::eva02_spec(
        "eva02_base_patch14_448", shape, 448,
        {{"timm/eva02_base_patch14_448.mim_in22k_ft_in22k_in1k", "mit", "ImageNet-22k, then ImageNet-1k"}});
  }
  explicit EVA02BasePatch14_448(const BackboneOptions& options = {}) : VisionTransformer(shape, spec(), options) {}
};

struct EVA02LargePatch14_448 : VisionTransformer {
  static constexpr VisionTransformerShape shape = detail::eva02_shape(detail::eva02_normed(1024, 16), 24);
  static BackboneSpec spec() {
    return detail::eva02_spec("eva02_large_patch14_448", shape, 448,
                              {{"timm/eva02_large_patch14_448.mim_m38m_ft_in22k_in1k", "mit",
                                "38 million pictures, ImageNet-22k, ImageNet-1k"}});
  }
  explicit EVA02LargePatch14_448(const BackboneOptions& options = {}) : VisionTransformer(shape, spec(), options) {}
};

/// The network of SmilingWolf's wd-eva02-large-tagger-v3: timm's eva02_large_patch14_448 with ref_feat_shape=(32, 32).
struct WDEVA02LargePatch14_448 : VisionTransformer {
  static constexpr VisionTransformerShape shape = [] {
    VisionTransformerShape shape = EVA02LargePatch14_448::shape;
    shape.rotary_places = 32;
    return shape;
  }();
  static BackboneSpec spec() {
    BackboneSpec spec =
        detail::eva02_spec("wd_eva02_large_patch14_448", shape, 448,
                           {{"SmilingWolf/wd-eva02-large-tagger-v3", "apache-2.0", "Danbooru, 10,861 tags"}});
    spec.mean = spec.std = {0.5f, 0.5f, 0.5f};
    return spec;
  }
  explicit WDEVA02LargePatch14_448(const BackboneOptions& options = {}) : VisionTransformer(shape, spec(), options) {}
};

static_assert(Backbone<EVA02TinyPatch14_336>);

}  // namespace tagger
