#pragma once

#include <cctype>
#include <string>

namespace tagger::detail {

/// The letters of ASCII as small ones; all else stays as it is.
inline std::string lower_case(std::string text) {
  for (char& c : text) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  return text;
}

}  // namespace tagger::detail
