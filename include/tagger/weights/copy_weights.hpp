#pragma once

#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include <ATen/core/grad_mode.h>

#include <tagger/model/tagger.hpp>
#include <tagger/weights/load_report.hpp>
#include <tagger/weights/model_state.hpp>
#include <tagger/weights/rename.hpp>
#include <tagger/weights/state_dict.hpp>
#include <tagger/weights/tensor.hpp>

namespace tagger {

/// What copying does with the classifier of a file.
enum class Classifier {
  if_it_fits,  ///< load it where it has as many labels, else leave the tagger's as it is
  required     ///< the file must have it, for as many labels
};

/// Copies the tensors of `file`, which has our keys (see with_our_keys()), into the tagger, after renaming by the
/// backbone's own rules (`spec().renames`). A backbone that has `StateDict adapt(const StateDict&) const` then makes
/// them fit its size: position embeddings resampled, for example.
/// Nothing is copied unless all of the backbone fits.
/// \throws WeightsError with the report of what is missing, unexpected or of another shape
template <AnyTaggerType Model>
LoadReport copy_weights(Model& model, StateDict file, Classifier classifier = Classifier::if_it_fits) {
  const BackboneSpec spec = model.backbone().spec();
  file = rename(file, spec.renames);
  if constexpr (requires { model.backbone().adapt(file); }) file = model.backbone().adapt(file);
  std::unordered_map<std::string, at::Tensor> targets;
  std::vector<WantedTensor> wanted;
  for (auto& [name, tensor] : model_state(model)) {
    wanted.push_back({.name = name, .shape = tensor.sizes().vec(), .dtype = dtype_of_tensor(tensor)});
    targets.emplace(name, tensor);
  }
  LoadReport report = compare(file, wanted, classifier == Classifier::required ? "" : spec.classifier + ".");
  report.require_fit();
  const at::NoGradGuard no_gradient;
  for (const auto& name : report.loaded) {
    const at::Tensor& target = targets.at(name);
    target.copy_(as_view(file.at(name)).view(target.sizes()));
  }
  return report;
}

}  // namespace tagger
