#pragma once

#include <cstdint>
#include <string>
#include <utility>

#include <tagger/backbone/vision_transformer.hpp>

namespace tagger {

namespace detail {

constexpr VisionTransformerShape dinov3_shape(std::int64_t width, std::int64_t heads) {
  return {.patch = 16,
          .depth = 12,
          .block = {.width = width,
                    .heads = heads,
                    .hidden = 4 * width,
                    .projection = Projection::fused_no_bias,
                    .layer_scale = 1e-5,
                    .layer_scale_is_parameter = true,
                    .epsilon = 1e-5},
          .registers = 4,
          .positions = false,
          .rotary = Rotary::dinov3,
          .pooling = TokenPooling::average,
          .scale_fresh_weights = true};
}

inline BackboneSpec dinov3_spec(std::string name, const VisionTransformerShape& shape) {
  BackboneSpec spec = vision_transformer_spec(std::move(name), shape);
  spec.input_size = 256;
  spec.crop = 1;
  spec.weights = {{"timm/" + spec.name + ".lvd1689m", "dinov3-license", "LVD-1689M, without labels"}};
  return spec;
}

}  // namespace detail

/// Simeoni et al., "DINOv3", 2025: rotary positions only, so that pictures may have any size that is a multiple of 16.
/// As in timm, the classifier sees the mean over the patches; the authors take the class token.
struct ViTSmallPatch16DINOv3 : VisionTransformer {
  static constexpr VisionTransformerShape shape = detail::dinov3_shape(384, 6);
  static BackboneSpec spec() { return detail::dinov3_spec("vit_small_patch16_dinov3", shape); }
  explicit ViTSmallPatch16DINOv3(const BackboneOptions& options = {}) : VisionTransformer(shape, spec(), options) {}
};
struct ViTBasePatch16DINOv3 : VisionTransformer {
  static constexpr VisionTransformerShape shape = detail::dinov3_shape(768, 12);
  static BackboneSpec spec() { return detail::dinov3_spec("vit_base_patch16_dinov3", shape); }
  explicit ViTBasePatch16DINOv3(const BackboneOptions& options = {}) : VisionTransformer(shape, spec(), options) {}
};

static_assert(Backbone<ViTSmallPatch16DINOv3>);

}  // namespace tagger
