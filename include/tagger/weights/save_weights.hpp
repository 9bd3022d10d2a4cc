#pragma once

#include <filesystem>

#include <tagger/model/tagger.hpp>
#include <tagger/weights/model_state.hpp>
#include <tagger/weights/pytorch_write.hpp>
#include <tagger/weights/safetensors.hpp>

namespace tagger {

/// Writes the tagger's weights, whole or not at all, to torchvision's or timm's keys: where `path` ends in .pth, .pt or
/// .bin as torch.save writes a state dict (write_pytorch), else as safetensors. \throws FileError, WeightsError
template <AnyTaggerType Model>
void save_weights(const Model& model, const std::filesystem::path& path) {
  const StateDict file = state_dict_of(model);
  const auto kind = path.extension();
  if (kind == ".pth" || kind == ".pt" || kind == ".bin") return write_pytorch(path, file);
  write_safetensors(path, file);
}

}  // namespace tagger
