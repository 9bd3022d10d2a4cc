#pragma once

#include <optional>

#include <tagger/run/recipe.hpp>
#include <tagger/weights/read_state_dict.hpp>
#include <tagger/weights/state_dict.hpp>

namespace tagger {

/// The weights that a recipe begins with, where it has any. \throws FileError, DataError, WeightsError
inline std::optional<StateDict> read_pretrained(const Recipe& recipe) {
  if (!recipe.weights) return std::nullopt;
  return read_state_dict(*recipe.weights);
}

}  // namespace tagger
