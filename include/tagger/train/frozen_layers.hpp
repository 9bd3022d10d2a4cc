#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include <torch/nn/module.h>

#include <tagger/error.hpp>
#include <tagger/optimizer/layer_depth.hpp>

namespace tagger {

/// While it lives, the first layers of a backbone, from the pictures up, stay as they are: their parameters need no
/// gradient, and once held their batch normalisation uses the stored statistics and stochastic depth leaves none of
/// their blocks out.
class FrozenLayers {
 public:
  /// \throws OptionError when there are not so many layers
  FrozenLayers(torch::nn::Module& backbone, std::int64_t layers) {
    std::vector<std::string> names;
    std::vector<at::Tensor> parameters;
    for (const auto& parameter : backbone.named_parameters()) {
      names.push_back(parameter.key());
      parameters.push_back(parameter.value());
    }
    const auto [depths, count] = layer_depths(names);
    if (layers < 0 || layers > count) {
      throw OptionError("the backbone has " + std::to_string(count) + " layers; " + std::to_string(layers) +
                        " of them cannot be frozen");
    }
    if (layers == 0) return;
    for (std::size_t i = 0; i < names.size(); ++i) {
      if (depths[i] < layers && parameters[i].requires_grad())
        parameters_.push_back(parameters[i].requires_grad_(false));
    }
    for (const auto& module : backbone.modules()) {
      const auto all = module->parameters();  // its children's, too: a block may have none of its own
      const bool frozen = std::none_of(all.begin(), all.end(), [](const auto& each) { return each.requires_grad(); });
      if (!all.empty() && frozen) modules_.push_back(module);
    }
  }
  FrozenLayers(const FrozenLayers&) = delete;
  FrozenLayers& operator=(const FrozenLayers&) = delete;
  ~FrozenLayers() {
    for (auto& parameter : parameters_) parameter.requires_grad_(true);
  }

  /// After the model was set to train.
  void hold() const {
    for (const auto& module : modules_) module->eval();
  }

 private:
  std::vector<at::Tensor> parameters_;
  std::vector<std::shared_ptr<torch::nn::Module>> modules_;
};

}  // namespace tagger
