#pragma once

#include <string>
#include <utility>
#include <vector>

#include <tagger/weights/key_layout.hpp>
#include <tagger/weights/rename.hpp>
#include <tagger/weights/state_dict.hpp>

namespace tagger {
namespace detail {

/// The checkpoints of the NUS-WIDE tutorial: torchvision's network is `base_model`, its classifier Dropout and Linear.
inline KeyLayout tutorial_layout() {
  return {.name = "the NUS-WIDE tutorial",
          .telltales = {"base_model."},
          .renames = {{"base_model.fc.1.", "fc."}, {"base_model.", ""}}};
}

/// torch.optim.swa_utils.AveragedModel counts in a tensor beside the network.
inline KeyLayout averaged_layout() {
  return {.name = "torch's AveragedModel", .telltales = {"n_averaged"}, .unused = {"n_averaged"}};
}

inline KeyLayout torchvision_vit_layout() {
  return {.name = "torchvision's ViT",
          .telltales = {"conv_proj.", "encoder.layers.encoder_layer_{n}.self_attention."},
          .renames = {{"class_token", "cls_token"},
                      {"conv_proj.", "patch_embed.proj."},
                      {"encoder.pos_embedding", "pos_embed"},
                      {"encoder.layers.encoder_layer_{n}.ln_1.", "blocks.{n}.norm1."},
                      {"encoder.layers.encoder_layer_{n}.self_attention.in_proj_", "blocks.{n}.attn.qkv."},
                      {"encoder.layers.encoder_layer_{n}.self_attention.out_proj.", "blocks.{n}.attn.proj."},
                      {"encoder.layers.encoder_layer_{n}.ln_2.", "blocks.{n}.norm2."},
                      {"encoder.layers.encoder_layer_{n}.mlp.0.", "blocks.{n}.mlp.fc1."},
                      {"encoder.layers.encoder_layer_{n}.mlp.3.", "blocks.{n}.mlp.fc2."},
                      {"encoder.layers.encoder_layer_{n}.mlp.linear_1.", "blocks.{n}.mlp.fc1."},  // its files
                      {"encoder.layers.encoder_layer_{n}.mlp.linear_2.", "blocks.{n}.mlp.fc2."},
                      {"encoder.ln.", "norm."},
                      {"heads.head.", "head."}}};
}

inline KeyLayout torchvision_convnext_layout() {
  KeyLayout layout{
      .name = "torchvision's ConvNeXt",
      .telltales = {"features.0.0.", "features.1.{n}.layer_scale"},
      .renames = {{"features.0.", "stem."}, {"classifier.0.", "head.norm."}, {"classifier.2.", "head.fc."}}};
  for (int stage = 0; stage < 4; ++stage) {
    const std::string from = "features." + std::to_string(2 * stage + 1) + ".{n}.";
    const std::string to = "stages." + std::to_string(stage) + ".blocks.{n}.";
    layout.renames.insert(layout.renames.end(), {{from + "layer_scale", to + "gamma"},
                                                 {from + "block.0.", to + "conv_dw."},
                                                 {from + "block.2.", to + "norm."},
                                                 {from + "block.3.", to + "mlp.fc1."},
                                                 {from + "block.5.", to + "mlp.fc2."}});
    if (stage == 0) continue;
    layout.renames.push_back(
        {"features." + std::to_string(2 * stage) + ".", "stages." + std::to_string(stage) + ".downsample."});
  }
  return layout;
}

inline KeyLayout torchvision_swin_layout() {
  KeyLayout layout{.name = "torchvision's Swin",
                   .telltales = {"features.0.0.", "features.1.{n}.attn.relative_position_bias_table"},
                   .renames = {{"features.0.0.", "patch_embed.proj."},
                               {"features.0.2.", "patch_embed.norm."},
                               {"head.", "head.fc."}},
                   .unused = {"features.{n}.{n}.attn.relative_position_index"}};
  for (int stage = 0; stage < 4; ++stage) {
    const std::string from = "features." + std::to_string(2 * stage + 1) + ".{n}.";
    const std::string to = "layers." + std::to_string(stage) + ".blocks.{n}.";
    layout.renames.insert(layout.renames.end(),
                          {{from + "mlp.0.", to + "mlp.fc1."}, {from + "mlp.3.", to + "mlp.fc2."}, {from, to}});
    if (stage == 0) continue;
    layout.renames.push_back(
        {"features." + std::to_string(2 * stage) + ".", "layers." + std::to_string(stage) + ".downsample."});
  }
  return layout;
}

/// Hugging Face's transformers, model_type vit.
inline KeyLayout transformers_vit_layout() {
  const std::string attention = "[vit.]encoder.layer.{n}.attention.attention.";
  return {.name = "Hugging Face's ViT",
          .telltales = {"[vit.]embeddings.patch_embeddings.projection.", "[vit.]encoder.layer.{n}.layernorm_before."},
          .renames = {{"[vit.]embeddings.cls_token", "cls_token"},
                      {"[vit.]embeddings.position_embeddings", "pos_embed"},
                      {"[vit.]embeddings.patch_embeddings.projection.", "patch_embed.proj."},
                      {"[vit.]encoder.layer.{n}.layernorm_before.", "blocks.{n}.norm1."},
                      {"[vit.]encoder.layer.{n}.attention.output.dense.", "blocks.{n}.attn.proj."},
                      {"[vit.]encoder.layer.{n}.layernorm_after.", "blocks.{n}.norm2."},
                      {"[vit.]encoder.layer.{n}.intermediate.dense.", "blocks.{n}.mlp.fc1."},
                      {"[vit.]encoder.layer.{n}.output.dense.", "blocks.{n}.mlp.fc2."},
                      {"[vit.]layernorm.", "norm."},
                      {"classifier.", "head."}},
          .joins = {{{attention + "query.", attention + "key.", attention + "value."}, "blocks.{n}.attn.qkv."}},
          .unused = {"[vit.]pooler.", "[vit.]embeddings.mask_token"}};
}

/// Hugging Face's transformers, model_type dinov2.
inline KeyLayout transformers_dinov2_layout() {
  const std::string attention = "[dinov2.]encoder.layer.{n}.attention.attention.";
  return {.name = "Hugging Face's DINOv2",
          .telltales = {"[dinov2.]embeddings.patch_embeddings.projection.", "[dinov2.]encoder.layer.{n}.layer_scale1."},
          .renames = {{"[dinov2.]embeddings.cls_token", "cls_token"},
                      {"[dinov2.]embeddings.position_embeddings", "pos_embed"},
                      {"[dinov2.]embeddings.patch_embeddings.projection.", "patch_embed.proj."},
                      {"[dinov2.]encoder.layer.{n}.attention.output.dense.", "blocks.{n}.attn.proj."},
                      {"[dinov2.]encoder.layer.{n}.layer_scale1.lambda1", "blocks.{n}.ls1.gamma"},
                      {"[dinov2.]encoder.layer.{n}.layer_scale2.lambda1", "blocks.{n}.ls2.gamma"},
                      {"[dinov2.]encoder.layer.{n}.", "blocks.{n}."},
                      {"[dinov2.]layernorm.", "norm."},
                      {"classifier.", "head."}},
          .joins = {{{attention + "query.", attention + "key.", attention + "value."}, "blocks.{n}.attn.qkv."}},
          .unused = {"[dinov2.]embeddings.mask_token"}};
}

/// Facebook's DINOv2 without registers; what it masks in training has no place in a network for tagging.
inline KeyLayout facebook_dinov2_layout() {
  return {.name = "Facebook's DINOv2", .telltales = {"mask_token", "blocks.{n}.ls1.gamma"}, .unused = {"mask_token"}};
}

/// Facebook's ConvNeXt and ConvNeXt V2.
inline KeyLayout facebook_convnext_layout() {
  return {.name = "Facebook's ConvNeXt",
          .telltales = {"downsample_layers.0.0.", "stages.{n}.{n}.dwconv."},
          .renames = {{"downsample_layers.0.", "stem."},
                      {"downsample_layers.{n}.", "stages.{n}.downsample."},
                      {"stages.{n}.{n}.dwconv.", "stages.{n}.blocks.{n}.conv_dw."},
                      {"stages.{n}.{n}.pwconv1.", "stages.{n}.blocks.{n}.mlp.fc1."},
                      {"stages.{n}.{n}.pwconv2.", "stages.{n}.blocks.{n}.mlp.fc2."},
                      {"stages.{n}.{n}.grn.gamma", "stages.{n}.blocks.{n}.mlp.grn.weight"},
                      {"stages.{n}.{n}.grn.beta", "stages.{n}.blocks.{n}.mlp.grn.bias"},
                      {"stages.{n}.{n}.", "stages.{n}.blocks.{n}."},
                      {"norm.", "head.norm."},
                      {"head.", "head.fc."}}};
}

/// Microsoft's Swin, and timm's before 0.9: it ends a stage with the downsampling that timm's begins the next one with.
inline KeyLayout microsoft_swin_layout() {
  return {.name = "Microsoft's Swin",
          .telltales = {"layers.0.downsample.reduction.", "layers.0.blocks.0.attn.relative_position_bias_table"},
          .renames = {{"layers.0.downsample.", "layers.1.downsample."},
                      {"layers.1.downsample.", "layers.2.downsample."},
                      {"layers.2.downsample.", "layers.3.downsample."},
                      {"head.", "head.fc."}},
          .unused = {"layers.{n}.blocks.{n}.attn.relative_position_index", "layers.{n}.blocks.{n}.attn_mask"}};
}

/// TResNet of Alibaba's DAMO academy, in the files of the asymmetric loss and of ML-Decoder. Its norm is Inplace-ABN,
/// the factors of which mean their magnitude: TResNet::adapt() makes ours of them.
inline KeyLayout miil_tresnet_layout() {
  KeyLayout layout{.name = "MIIL's TResNet",
                   .telltales = {"body.conv1.0.", "body.layer1.0.conv1.0."},
                   .renames = {{"head.decoder.", "head.fc.decoder."}}};
  const std::string block = "body.layer{n}.{n}.";
  for (const auto& [from, to] : {Rename{"body.conv1.", "body.conv1."},
                                 {block + "conv{n}.0.", block + "conv{n}."},  // blurs and halves afterwards
                                 {block + "conv{n}.", block + "conv{n}."},
                                 {block + "downsample.{n}.", block + "downsample.{n}."}}) {
    layout.renames.insert(
        layout.renames.end(),
        {{from + "0.", to + "conv."}, {from + "1.weight", to + "bn.magnitude"}, {from + "1.", to + "bn."}});
  }
  return layout;
}

}  // namespace detail

/// The layouts that are recognised, in the order in which they are looked for.
inline const std::vector<KeyLayout>& known_layouts() {
  static const std::vector<KeyLayout> layouts{detail::averaged_layout(),
                                              detail::tutorial_layout(),
                                              detail::torchvision_vit_layout(),
                                              detail::torchvision_convnext_layout(),
                                              detail::torchvision_swin_layout(),
                                              detail::transformers_vit_layout(),
                                              detail::transformers_dinov2_layout(),
                                              detail::facebook_dinov2_layout(),
                                              detail::facebook_convnext_layout(),
                                              detail::microsoft_swin_layout(),
                                              detail::miil_tresnet_layout()};
  return layouts;
}

/// `file` under our names: without the prefixes of wrappers, and out of each known layout that its names show. The
/// notes say which. \throws WeightsError as convert()
inline StateDict with_our_keys(const StateDict& file) {
  StateDict state = rename(file, unwrap_renames);
  for (const auto& layout : known_layouts()) {
    if (!has_layout(state, layout)) continue;
    state = convert(state, layout);
    state.notes.push_back("renamed from the keys of " + layout.name);
  }
  return state;
}

}  // namespace tagger
