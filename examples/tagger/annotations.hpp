#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include <tagger/data/annotations.hpp>

namespace tagger_program {

/// Annotations of these labels, in this order. \throws FileError, DataError
tagger::Annotations annotations_of(const std::vector<std::string>& labels, const std::filesystem::path& path);

struct TrainingAnnotations {
  tagger::Annotations training, validation;  ///< of the same labels
};

/// Reads what a tagger is trained and validated on, and prints how many pictures have which label.
/// \throws FileError, DataError
TrainingAnnotations training_annotations(const std::filesystem::path& training,
                                         const std::filesystem::path& validation);

}  // namespace tagger_program
