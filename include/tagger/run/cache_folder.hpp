#pragma once

#include <cstdlib>
#include <filesystem>

namespace tagger {

/// Where things are kept that can be had again: $TAGGER_CACHE, else tagger in $XDG_CACHE_HOME, else in ~/.cache.
inline std::filesystem::path cache_folder() {
  const auto variable = [](const char* name) {
    const char* value = std::getenv(name);
    return std::filesystem::path(value ? value : "");
  };
  if (auto own = variable("TAGGER_CACHE"); !own.empty()) return own;
  if (auto shared = variable("XDG_CACHE_HOME"); !shared.empty()) return shared / "tagger";
  if (auto home = variable("HOME"); !home.empty()) return home / ".cache" / "tagger";
  return std::filesystem::temp_directory_path() / "tagger";
}

}  // namespace tagger
