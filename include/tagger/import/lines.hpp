#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include <tagger/mapped_file.hpp>

namespace tagger::detail {

/// The lines of a text file, without the blanks and carriage returns around them; empty ones at its end are left out.
/// They stand in the file, which is mapped.
struct Lines {
  SharedBytes file;
  std::vector<std::string_view> lines;
};

inline std::string_view without_blanks(std::string_view text) {
  constexpr std::string_view blanks = " \t\r\n";
  const auto begin = std::min(text.find_first_not_of(blanks), text.size());
  return text.substr(begin, text.find_last_not_of(blanks) + 1 - begin);
}

/// \throws FileError
inline Lines read_lines(const std::filesystem::path& path) {
  Lines result{map_file(path), {}};
  std::string_view text(reinterpret_cast<const char*>(result.file.bytes.data()), result.file.bytes.size());
  if (text.starts_with("\xEF\xBB\xBF")) text.remove_prefix(3);
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    result.lines.push_back(without_blanks(text.substr(0, end)));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  while (!result.lines.empty() && result.lines.back().empty()) result.lines.pop_back();
  return result;
}

}  // namespace tagger::detail
