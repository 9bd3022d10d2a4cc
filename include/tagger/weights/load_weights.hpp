#pragma once

#include <filesystem>

#include <tagger/model/tagger.hpp>
#include <tagger/weights/copy_weights.hpp>
#include <tagger/weights/known_layouts.hpp>
#include <tagger/weights/load_report.hpp>
#include <tagger/weights/read_state_dict.hpp>
#include <tagger/weights/state_dict.hpp>

namespace tagger {

/// Copies the tensors of `file` into the tagger, after renaming: out of the layout that their names show
/// (known_layouts.hpp), then as copy_weights() does. \throws WeightsError as that
template <AnyTaggerType Model>
LoadReport load_weights(Model& model, const StateDict& file, Classifier classifier = Classifier::if_it_fits) {
  return copy_weights(model, with_our_keys(file), classifier);
}

/// Reads a weights file, or folder, of any kind that read_weights() knows, and loads it.
/// \throws FileError, DataError, WeightsError
template <AnyTaggerType Model>
LoadReport load_weights(Model& model, const std::filesystem::path& path,
                        Classifier classifier = Classifier::if_it_fits) {
  return copy_weights(model, read_state_dict(path), classifier);
}

}  // namespace tagger
