#pragma once

#include <cstdint>
#include <string>
#include <utility>

#include <tagger/backbone/vision_transformer.hpp>

namespace tagger {

namespace detail {

constexpr VisionTransformerShape dinov2_shape(std::int64_t width, std::int64_t heads, std::int64_t registers = 0) {
  return {.patch = 14,
          .depth = 12,
          .block = {.width = width, .heads = heads, .hidden = 4 * width, .layer_scale = 1e-5},
          .registers = registers,
          .positions_of_prefix = registers == 0};
}

inline BackboneSpec dinov2_spec(std::string name, const VisionTransformerShape& shape) {
  BackboneSpec spec = vision_transformer_spec(std::move(name), shape);
  spec.input_size = 518;
  spec.crop = 1;
  spec.weights = {{"timm/" + spec.name + ".lvd142m", "apache-2.0", "LVD-142M, without labels"}};
  return spec;
}

}  // namespace detail

/// Oquab et al., "DINOv2: learning robust visual features without supervision", TMLR 2024; with registers, Darcet et
/// al., "Vision transformers need registers", ICLR 2024.
struct ViTSmallPatch14DINOv2 : VisionTransformer {
  static constexpr VisionTransformerShape shape = detail::dinov2_shape(384, 6);
  static BackboneSpec spec() { return detail::dinov2_spec("vit_small_patch14_dinov2", shape); }
  explicit ViTSmallPatch14DINOv2(const BackboneOptions& options = {}) : VisionTransformer(shape, spec(), options) {}
};
struct ViTBasePatch14DINOv2 : VisionTransformer {
  static constexpr VisionTransformerShape shape = detail::dinov2_shape(768, 12);
  static BackboneSpec spec() { return detail::dinov2_spec("vit_base_patch14_dinov2", shape); }
  explicit ViTBasePatch14DINOv2(const BackboneOptions& options = {}) : VisionTransformer(shape, spec(), options) {}
};
struct ViTSmallPatch14Reg4DINOv2 : VisionTransformer {
  static constexpr VisionTransformerShape shape = detail::dinov2_shape(384, 6, 4);
  static BackboneSpec spec() { return detail::dinov2_spec("vit_small_patch14_reg4_dinov2", shape); }
  explicit ViTSmallPatch14Reg4DINOv2(const BackboneOptions& options = {}) : VisionTransformer(shape, spec(), options) {}
};
struct ViTBasePatch14Reg4DINOv2 : VisionTransformer {
  static constexpr VisionTransformerShape shape = detail::dinov2_shape(768, 12, 4);
  static BackboneSpec spec() { return detail::dinov2_spec("vit_base_patch14_reg4_dinov2", shape); }
  explicit ViTBasePatch14Reg4DINOv2(const BackboneOptions& options = {}) : VisionTransformer(shape, spec(), options) {}
};

static_assert(Backbone<ViTSmallPatch14DINOv2>);

}  // namespace tagger
