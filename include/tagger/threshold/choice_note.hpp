#pragma once

#include <cstddef>
#include <optional>
#include <string>

namespace tagger {

/// What a person should know of how a threshold or a calibration came about.
struct ChoiceNote {
  std::optional<std::size_t> label;  ///< nothing: of all labels
  std::string text;

  bool operator==(const ChoiceNote&) const = default;
};

}  // namespace tagger
