#pragma once

#include <filesystem>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include <torch/utils.h>

#include <tagger/model/tagger.hpp>
#include <tagger/weights/known_layouts.hpp>
#include <tagger/weights/load_report.hpp>
#include <tagger/weights/model_state.hpp>
#include <tagger/weights/pytorch_write.hpp>
#include <tagger/weights/read_weights.hpp>
#include <tagger/weights/rename.hpp>
#include <tagger/weights/safetensors.hpp>
#include <tagger/weights/tensor.hpp>

namespace tagger {

/// What `load_weights` does with the classifier of a file.
enum class Classifier {
  if_it_fits,  ///< load it where it has as many labels, else leave the tagger's as it is
  required     ///< the file must have it, for as many labels
};

/// Copies the tensors of `file` into the tagger, after renaming: out of the layout that their names show
/// (known_layouts.hpp), then by the backbone's own rules (`spec().renames`). A backbone that has
/// `StateDict adapt(const StateDict&) const` then makes them fit its size: position embeddings resampled, for example.
/// Nothing is copied unless all of the backbone fits.
/// \throws WeightsError with the report of what is missing, unexpected or of another shape
template <AnyTaggerType Model>
LoadReport load_weights(Model& model, StateDict file, Classifier classifier = Classifier::if_it_fits) {
  const BackboneSpec spec = model.backbone().spec();
  file = rename(with_our_keys(file), spec.renames);
  if constexpr (requires { model.backbone().adapt(file); }) file = model.backbone().adapt(file);
  std::unordered_map<std::string, at::Tensor> targets;
  std::vector<WantedTensor> wanted;
  for (auto& [name, tensor] : model_state(model)) {
    wanted.push_back({.name = name, .shape = tensor.sizes().vec(), .dtype = dtype_of_tensor(tensor)});
    targets.emplace(name, tensor);
  }
  LoadReport report = compare(file, wanted, classifier == Classifier::required ? "" : spec.classifier + ".");
  report.require_fit();
  const torch::NoGradGuard no_gradient;
  for (const auto& name : report.loaded) {
    const at::Tensor& target = targets.at(name);
    target.copy_(as_view(file.at(name)).view(target.sizes()));
  }
  return report;
}

/// Reads a weights file, or folder, of any kind that read_weights() knows, and loads it.
/// \throws FileError, DataError, WeightsError
template <AnyTaggerType Model>
LoadReport load_weights(Model& model, const std::filesystem::path& path,
                        Classifier classifier = Classifier::if_it_fits) {
  return load_weights(model, read_weights(path), classifier);
}

/// Writes the tagger's weights, whole or not at all, to torchvision's or timm's keys: where `path` ends in .pth, .pt or
/// .bin as torch.save writes a state dict (write_pytorch), else as safetensors. \throws FileError, WeightsError
template <AnyTaggerType Model>
void save_weights(const Model& model, const std::filesystem::path& path) {
  StateDict file;
  file.metadata["format"] = "pt";  // what Python's readers look for
  for (const auto& [name, tensor] : model_state(model)) file.add(name, as_data(tensor));
  const auto kind = path.extension();
  if (kind == ".pth" || kind == ".pt" || kind == ".bin") return write_pytorch(path, file);
  write_safetensors(path, file);
}

}  // namespace tagger
