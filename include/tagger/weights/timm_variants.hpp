#pragma once

#include <algorithm>
#include <array>
#include <optional>
#include <string>
#include <string_view>

#include <tagger/json.hpp>

namespace tagger {

/// A network of ours that timm makes of another by arguments: `timm.create_model(architecture, **model_args)`, which is
/// how a hub folder's config.json spells it.
struct TimmVariant {
  std::string_view name;  ///< ours
  std::string_view architecture;
  std::string_view model_args;  ///< JSON; sizes of pictures and rates of dropout left out
};

inline constexpr std::array timm_variants{
    TimmVariant{"wd_vit_base_patch16_448", "vit_base_patch16_224",
                R"({"act_layer": "gelu_tanh", "class_token": false, "fc_norm": false, "global_pool": "avg"})"},
    TimmVariant{"wd_vit_large_patch14_448", "vit_large_patch16_224",
                R"({"act_layer": "gelu_tanh", "class_token": false, "fc_norm": false, "global_pool": "avg", )"
                R"("patch_size": 14})"},
    TimmVariant{"wd_eva02_large_patch14_448", "eva02_large_patch14_448", R"({"ref_feat_shape": [32, 32]})"},
    TimmVariant{"wd_convnext_base_448", "convnext_base", R"({"act_layer": "gelu_tanh"})"},
    TimmVariant{"wd_swinv2_base_window14_448", "swinv2_base_window8_256",
                R"({"act_layer": "gelu_tanh", "window_size": 14})"}};

/// How timm spells our network `name`: another architecture and arguments where it is a variant, else itself.
inline TimmVariant to_timm(std::string_view name) {
  for (const auto& variant : timm_variants) {
    if (variant.name == name) return variant;
  }
  return {name, name, "{}"};
}

namespace detail {
/// Whether two objects are equal but for the order of their members.
inline bool same_members(const Json& a, const Json& b) {
  return a.size() == b.size() && std::ranges::all_of(b.items(), [&](const auto& member) {
           const auto found = a.find(member.key());
           return found != a.end() && *found == member.value();
         });
}
}  // namespace detail

/// The name of our network that timm makes as `architecture` with `model_args`; nothing where they make another.
/// Arguments that change no result are not looked at.
inline std::optional<std::string> from_timm(const std::string& architecture, Json model_args) {
  if (!model_args.is_object()) return std::nullopt;
  for (const auto* key : {"img_size", "in_chans", "num_classes", "drop_rate", "drop_path_rate", "proj_drop_rate",
                          "attn_drop_rate", "pos_drop_rate", "patch_drop_rate"}) {
    model_args.erase(key);
  }
  if (model_args.empty()) return architecture;
  for (const auto& variant : timm_variants) {
    if (variant.architecture == architecture && detail::same_members(model_args, Json::parse(variant.model_args))) {
      return std::string(variant.name);
    }
  }
  return std::nullopt;
}

}  // namespace tagger
