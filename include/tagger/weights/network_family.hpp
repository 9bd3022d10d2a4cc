#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <map>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <tagger/weights/key_pattern.hpp>

namespace tagger::detail {

/// Names of tensors and their shapes.
using NamedShapes = std::map<std::string_view, std::span<const std::int64_t>>;

/// A kind of network that the names of its tensors give away, after renaming.
struct NetworkFamily {
  std::string_view name;
  std::array<std::string_view, 2> telltales;  ///< patterns; both start some name
  std::string_view blocks;                    ///< one name of each block, its last {n} counting them
  std::string_view width{};                   ///< the tensor whose first axis is the first width
};

inline constexpr std::array network_families{
    NetworkFamily{"a ResNet with bottlenecks", {"layer1.0.conv3.", "layer4.0.conv3."}, "layer{n}.{n}.conv1."},
    NetworkFamily{"a ResNet", {"layer1.0.conv2.", "layer4.0.conv2."}, "layer{n}.{n}.conv1."},
    NetworkFamily{"a TResNet", {"body.layer1.0.", "body.layer4.0."}, "body.layer{n}.{n}.conv1."},
    NetworkFamily{"an EfficientNet or MobileNet",
                  {"conv_stem.", "blocks.0.0.conv_dw."},
                  "blocks.{n}.{n}.bn1.weight",
                  "conv_stem.weight"},
    NetworkFamily{"a ConvNeXt",
                  {"stem.0.", "stages.0.blocks.0.conv_dw."},
                  "stages.{n}.blocks.{n}.conv_dw.weight",
                  "stem.0.weight"},
    NetworkFamily{"a Swin",
                  {"patch_embed.proj.", "layers.0.blocks.0.attn."},
                  "layers.{n}.blocks.{n}.attn.qkv.weight",
                  "patch_embed.proj.weight"},
    NetworkFamily{
        "a ViT", {"patch_embed.proj.", "blocks.0.attn."}, "blocks.{n}.norm1.weight", "patch_embed.proj.weight"},
    NetworkFamily{
        "a DenseNet", {"features.conv0.", "features.denseblock1."}, "features.denseblock{n}.denselayer{n}.conv1."},
    NetworkFamily{"a VGG", {"features.0.weight", "classifier.6."}, ""},
    NetworkFamily{"an EfficientNet or MobileNet of torchvision",
                  {"features.0.0.", "features.1.0.block."},
                  "features.{n}.{n}.block."},
    NetworkFamily{"a CLIP with its text model", {"visual.", "token_embedding."}, ""},
    NetworkFamily{"a CLIP with its text model", {"vision_model.embeddings.", "text_model.embeddings."}, ""},
    NetworkFamily{"a text model", {"[bert.][roberta.]embeddings.word_embeddings.", ""}, ""}};

/// "a ResNet with bottlenecks of 3 + 4 + 6 + 3 blocks"; empty for names that none of the families has.
inline std::string describe_network(const NamedShapes& tensors) {
  const auto starts_some = [&](std::string_view pattern) {
    return std::ranges::any_of(tensors, [&](const auto& each) { return match_key(pattern, each.first).has_value(); });
  };
  const auto family = std::ranges::find_if(
      network_families, [&](const auto& each) { return std::ranges::all_of(each.telltales, starts_some); });
  if (family == network_families.end()) return {};
  std::map<std::size_t, std::set<std::string_view>> stages;  // shorter and smaller numbers first
  std::size_t blocks = 0;
  std::string text(family->name);
  if (!family->blocks.empty()) {
    for (const auto& [name, shape] : tensors) {
      const auto match = match_key(family->blocks, name);
      if (!match) continue;
      const std::size_t stage =
          match->numbers.size() > 1 ? std::stoul(std::string(match->numbers.front().substr(0, 6))) : 0;
      blocks += stages[stage].insert(match->numbers.back()).second ? 1 : 0;
    }
    for (const auto& [stage, numbers] : stages) {
      text.append(stage == stages.begin()->first ? " of " : " + ").append(std::to_string(numbers.size()));
    }
    text += blocks == 1 ? " block" : " blocks";
  }
  const auto width = tensors.find(family->width);
  if (width != tensors.end() && !width->second.empty()) text += ", " + std::to_string(width->second.front()) + " wide";
  return text;
}

}  // namespace tagger::detail
