#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <iterator>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace tagger {

namespace detail {

inline bool is_number(std::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

/// What holds the numbered layers of a network, by the name of the child.
using LayerContainer = bool (*)(std::string_view child);
inline constexpr std::array<LayerContainer, 3> layer_containers{
    [](std::string_view child) { return child == "blocks"; },  // timm's
    [](std::string_view child) {
      return child.starts_with("layer") && is_number(child.substr(5));
    },  // residual networks'
    [](std::string_view) { return true; }};

/// "stages.0.blocks.2.norm.bias": "stages.0.blocks.2", up to the numbers behind the first container; empty where there
/// are none.
inline std::string_view layer_name(std::string_view parameter, LayerContainer is_container) {
  const auto child_at = [&](std::size_t begin) {
    return begin > parameter.size() ? std::string_view() : parameter.substr(begin, parameter.find('.', begin) - begin);
  };
  for (std::size_t begin = 0; begin < parameter.size(); begin += child_at(begin).size() + 1) {
    std::size_t end = begin + child_at(begin).size();
    if (!is_container(child_at(begin)) || !is_number(child_at(end + 1))) continue;
    while (is_number(child_at(end + 1))) end += child_at(end + 1).size() + 1;
    return parameter.substr(0, end);
  }
  return {};
}

/// The layer of each parameter, empty for what is in none.
inline std::vector<std::string_view> layer_names(std::span<const std::string> parameters) {
  std::vector<std::string_view> layers(parameters.size());
  for (const auto is_container : layer_containers) {
    std::transform(parameters.begin(), parameters.end(), layers.begin(),
                   [&](const auto& parameter) { return layer_name(parameter, is_container); });
    if (std::any_of(layers.begin(), layers.end(), [](auto layer) { return !layer.empty(); })) return layers;
  }
  std::transform(parameters.begin(), parameters.end(), layers.begin(),
                 [](const auto& parameter) { return std::string_view(parameter).substr(0, parameter.find('.')); });
  return layers;
}

}  // namespace detail

/// How deep the parameters of a backbone lie, 0 at the pictures.
struct LayerDepths {
  std::vector<std::int64_t> depths;  ///< of each parameter
  std::int64_t count = 0;            ///< layers below the head; what has this depth goes with the head
};

/// The layers of a network, by the names of its parameters alone: what stands before the numbered blocks is one (the
/// stem), each block is one (`blocks.3`, `layer1.0`, `stages.0.blocks.2`) with what stands before it since the one
/// before, and the last with what stands behind it; but `head.norm` and the like go with the head. In a network without
/// numbers each child is a layer. Agrees with timm's groups.
/// \param names  in the network's order
inline LayerDepths layer_depths(std::span<const std::string> names) {
  const auto layers = detail::layer_names(names);
  LayerDepths found{.depths = std::vector<std::int64_t>(names.size()), .count = 0};
  std::map<std::string_view, std::int64_t> known;
  const bool has_stem = !layers.empty() && layers.front().empty();
  for (const auto layer : layers) {
    if (!layer.empty()) known.try_emplace(layer, has_stem + std::ssize(known));
  }
  found.count = has_stem + std::ssize(known);
  std::int64_t next = found.count - 1;
  for (std::size_t i = names.size(); i-- > 0;) {
    if (!layers[i].empty()) next = known.at(layers[i]);
    found.depths[i] = layers[i].empty() && names[i].starts_with("head.") ? found.count : next;
  }
  for (std::size_t i = 0; i < names.size() && layers[i].empty(); ++i) found.depths[i] = 0;
  return found;
}

}  // namespace tagger
