#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <string_view>
#include <vector>

#include <tagger/configurable.hpp>
#include <tagger/import/lines.hpp>

namespace tagger {

/// What stands between two values, by names that no shell takes for its own.
enum class Separator { comma, semicolon, tab, pipe, space };
template <>
inline constexpr std::array<std::string_view, 5> enum_names<Separator>{"comma", "semicolon", "tab", "pipe", "space"};

constexpr char character(Separator separator) { return ",;\t| "[static_cast<std::size_t>(separator)]; }

namespace detail {

/// What stands between the separators, without the blanks around it; nothing of what is empty.
inline std::vector<std::string_view> parts(std::string_view text, char separator) {
  std::vector<std::string_view> found;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find(separator), text.size());
    if (const auto part = without_blanks(text.substr(0, end)); !part.empty()) found.push_back(part);
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return found;
}

}  // namespace detail
}  // namespace tagger
