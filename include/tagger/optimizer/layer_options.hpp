#pragma once

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include <tagger/named_tensors.hpp>
#include <tagger/optimizer/layer_depth.hpp>
#include <tagger/optimizer/parameter_group.hpp>

namespace tagger {

/// How parameters are trained that are not trained as the head is.
struct LayerOptions {
  double backbone_rate = 1;             ///< learning rate of the backbone, in parts of the head's
  double layer_decay = 1;               ///< learning rate of a layer, in parts of that of the layer above it
  std::int64_t frozen_layers = 0;       ///< so many, from the pictures up, stay as they are
  bool decay_norms_and_biases = false;  ///< weight decay has a part in parameters of one dimension, too
};

/// The learning rates of a network's parameters: a layer of the backbone that lies d layers below the head has
/// backbone_rate * layer_decay^d (Howard and Ruder, "Universal language model fine-tuning for text classification", ACL
/// 2018; as timm's layer_decay, Bao et al., "BEiT", ICLR 2022).
inline std::vector<TrainedParameter> trained_parameters(const NamedTensors& backbone, const NamedTensors& head,
                                                        const LayerOptions& options) {
  std::vector<std::string> names;
  for (const auto& [name, tensor] : backbone) names.push_back(name);
  const auto [depths, count] = layer_depths(names);
  std::vector<TrainedParameter> parameters;
  const auto add = [&](const std::string& name, const at::Tensor& tensor, double rate) {
    parameters.push_back({name, tensor, rate, options.decay_norms_and_biases || tensor.dim() > 1});
  };
  for (std::size_t i = 0; i < backbone.size(); ++i) {
    add("backbone." + names[i], backbone[i].second,
        options.backbone_rate * std::pow(options.layer_decay, static_cast<double>(count - depths[i])));
  }
  for (const auto& [name, tensor] : head) add("head." + name, tensor, 1);
  return parameters;
}

}  // namespace tagger
