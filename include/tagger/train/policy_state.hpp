#pragma once

#include <cstdint>

#include <tagger/data/annotations.hpp>
#include <tagger/model/tagger.hpp>
#include <tagger/named_tensors.hpp>
#include <tagger/training_hooks.hpp>

namespace tagger {

/// The hooks of those of a tagger's policies that may have them: its loss and its head.
template <AnyTaggerType Model>
void begin_training(Model& model, const Annotations& train) {
  hooks::begin_training(model.loss(), train);
  hooks::begin_training(model.head(), train);
}

/// \param epoch  from 1
template <AnyTaggerType Model>
void begin_epoch(Model& model, std::int64_t epoch, std::int64_t epochs) {
  hooks::begin_epoch(model.loss(), epoch, epochs);
  hooks::begin_epoch(model.head(), epoch, epochs);
}

/// What they remember, under `loss.` and `head_state.`, sharing memory with them.
template <AnyTaggerType Model>
NamedTensors policy_state(Model& model) {
  NamedTensors all;
  for (auto& [name, tensor] : hooks::state(model.loss())) all.emplace_back("loss." + name, tensor);
  for (auto& [name, tensor] : hooks::state(model.head())) all.emplace_back("head_state." + name, tensor);
  return all;
}

}  // namespace tagger
