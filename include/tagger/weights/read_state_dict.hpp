#pragma once

#include <filesystem>
#include <optional>

#include <tagger/weights/known_layouts.hpp>
#include <tagger/weights/read_weights.hpp>
#include <tagger/weights/state_dict.hpp>

namespace tagger {

/// The weights in a file, or folder, of any kind that read_weights() knows, under our keys: see with_our_keys().
/// \throws FileError, DataError, WeightsError
inline StateDict read_state_dict(const std::filesystem::path& path) { return with_our_keys(read_weights(path)); }

/// The same of weights that there may be. \throws FileError, DataError, WeightsError
inline std::optional<StateDict> read_pretrained(const std::optional<std::filesystem::path>& path) {
  if (!path) return std::nullopt;
  return read_state_dict(*path);
}

}  // namespace tagger
