#pragma once

#include <filesystem>
#include <string>

#include <tagger/lower_case.hpp>

namespace tagger {

/// Whether a file is called like a picture that can be decoded.
inline bool has_picture_name(const std::filesystem::path& path) {
  const std::string extension = detail::lower_case(path.extension().string());
  return extension == ".jpg" || extension == ".jpeg" || extension == ".png" || extension == ".webp";
}

}  // namespace tagger
