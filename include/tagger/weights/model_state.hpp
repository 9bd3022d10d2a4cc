#pragma once

#include <string>

#include <torch/nn/module.h>

#include <tagger/model/tagger.hpp>
#include <tagger/named_tensors.hpp>
#include <tagger/weights/state_dict.hpp>
#include <tagger/weights/tensor.hpp>

namespace tagger {

/// A tagger's parameters and buffers under the keys that published weights have: the backbone's own, and the head's
/// under the backbone's classifier key (`layer1.0.conv1.weight`, ..., `fc.weight`). They share memory with the model:
/// writing into them loads.
template <AnyTaggerType Model>
NamedTensors model_state(const Model& model) {
  NamedTensors state;
  const auto add = [&state](const torch::nn::Module& module, const std::string& prefix) {
    for (const auto& parameter : module.named_parameters()) {
      state.emplace_back(prefix + parameter.key(), parameter.value().detach());
    }
    for (const auto& buffer : module.named_buffers()) state.emplace_back(prefix + buffer.key(), buffer.value());
  };
  add(model.backbone(), "");
  add(model.head(), model.backbone().spec().classifier + ".");
  return state;
}

/// The same as bytes, ready to be written.
template <AnyTaggerType Model>
StateDict state_dict_of(const Model& model) {
  StateDict file;
  file.metadata["format"] = "pt";  // what Python's readers look for
  for (const auto& [name, tensor] : model_state(model)) file.add(name, as_data(tensor));
  return file;
}

}  // namespace tagger
