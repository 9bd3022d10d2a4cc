#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include <tagger/data/annotations.hpp>

namespace tagger_program {

/// Annotated pictures, with their labels in the order of `labels`. \throws FileError, DataError
tagger::Annotations read_pictures(const std::filesystem::path& annotations, const std::vector<std::string>& labels);

struct TrainingPictures {
  tagger::Annotations training, validation;  ///< of the same labels
};

/// Reads what a tagger is trained and validated on, and prints how many pictures have which label.
/// \throws FileError, DataError
TrainingPictures read_training_pictures(const std::filesystem::path& training, const std::filesystem::path& validation);

}  // namespace tagger_program
