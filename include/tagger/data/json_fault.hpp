#pragma once

#include <algorithm>
#include <cstddef>
#include <string>
#include <string_view>

#include <tagger/data/problem.hpp>
#include <tagger/json.hpp>

namespace tagger::detail {

/// What nlohmann's SAX parser has found wrong with `text`, by line, column and byte.
/// \param position, error  as json_sax::parse_error() is given them
inline Problem json_fault(std::string_view text, std::size_t position, const Json::exception& error) {
  const std::string_view before = text.substr(0, position == 0 ? 0 : position - 1);
  const auto line = 1 + std::count(before.begin(), before.end(), '\n');
  const auto column = before.size() - (before.rfind('\n') + 1) + 1;
  std::string_view what = error.what();  // [json.exception...] parse error at line 1, column 5: what; last read: ...
  if (const auto start = what.find(": "); start != std::string_view::npos) what.remove_prefix(start + 2);
  std::string message{what.substr(0, what.find("; last read: "))};
  if (position > text.size()) message += text.empty() ? " (the file is empty)" : " (the file is cut off)";
  return {std::string("line ").append(std::to_string(line)) + ", column " + std::to_string(column) + " (byte " +
              std::to_string(before.size()) + ")",
          message};
}

}  // namespace tagger::detail
