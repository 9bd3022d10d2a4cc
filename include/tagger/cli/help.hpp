#pragma once

#include <algorithm>
#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <tagger/cli/option_set.hpp>

namespace tagger {

namespace detail {

inline constexpr std::size_t help_width = 80;

/// `text` in lines of at most help_width, those after the first indented by `indent`; `column` is where the first
/// begins. A word that is too long stands alone.
inline std::string wrapped(std::string_view text, std::size_t indent, std::size_t column) {
  std::string lines;
  bool fresh = true;
  for (std::size_t begin = 0; begin < text.size();) {
    const std::size_t end = std::min(text.find(' ', begin), text.size());
    const std::string_view word = text.substr(begin, end - begin);
    if (!fresh && column + 1 + word.size() > help_width) {
      lines.append("\n").append(indent, ' ');
      column = indent;
      fresh = true;
    }
    if (!fresh) lines += ' ';
    lines += word;
    column += word.size() + (fresh ? 0 : 1);
    fresh = false;
    begin = end + 1;
  }
  return lines;
}

using HelpRows = std::vector<std::pair<std::string, std::string>>;

/// The width of a first column: that of its longest entry, but for very long ones.
inline std::size_t column_width(const HelpRows& rows) {
  std::size_t width = 0;
  for (const auto& row : rows) {
    if (row.first.size() <= 28) width = std::max(width, row.first.size());
  }
  return width;
}

/// Two columns; an entry that is too long for the first one gets a line of its own.
inline std::string two_columns(const HelpRows& rows, std::size_t left) {
  const std::size_t indent = left + 4;
  std::string text;
  for (const auto& [name, help] : rows) {
    text.append("  ").append(name);
    if (name.size() > left) {
      text.append("\n").append(indent, ' ');
    } else {
      text.append(left - name.size() + 2, ' ');
    }
    text.append(wrapped(help, indent, indent)).append("\n");
  }
  return text;
}

inline std::string usage_name(const OptionEntry& entry) {
  if (entry.is_positional()) return entry.placeholder + (entry.repeatable ? "..." : "");
  return "--" + entry.name + (entry.is_flag() ? "" : " " + entry.placeholder);
}

}  // namespace detail

/// What `--help` prints: usage, what the command does, its options under their headings with defaults and valid
/// values, and the files that it reads and writes.
/// \param program  "tagger train"
inline std::string help_text(std::string_view program, std::string_view summary, const OptionSet& set) {
  std::string usage = "Usage: " + std::string(program);
  const std::size_t indent = std::min<std::size_t>(usage.size() + 1, 24);
  std::string words;
  for (const auto& entry : set.entries()) {
    if (!entry.is_positional() && entry.required) words += detail::usage_name(entry) + " ";
  }
  words += "[OPTION...]";
  for (const auto& entry : set.entries()) {
    if (!entry.is_positional()) continue;
    const std::string name = detail::usage_name(entry);
    words.append(entry.required ? " " : " [").append(name).append(entry.required ? "" : "]");
  }
  std::string text = usage + " " + detail::wrapped(words, indent, usage.size() + 1) + "\n\n";
  text.append(detail::wrapped(summary, 0, 0)).append("\n");

  std::vector<std::pair<std::string, detail::HelpRows>> sections;
  const auto rows_of = [&](const std::string& heading) -> auto& {
    for (auto& section : sections) {
      if (section.first == heading) return section.second;
    }
    return sections.emplace_back(heading, detail::HelpRows{}).second;
  };
  for (const auto& entry : set.entries()) {
    std::string help = entry.help;
    if (entry.required) {
      help += " (required)";
    } else if (!entry.default_text.empty()) {
      help += " (default: " + entry.default_text + ")";
    }
    if (!entry.valid.empty()) help += "; " + entry.valid;
    if (entry.repeatable && !entry.is_positional()) help += "; may be repeated";
    rows_of(entry.section).emplace_back(detail::usage_name(entry), help);
  }
  auto& general = rows_of("General");
  general.emplace_back("--config FILE",
                       "read options from a JSON object, for example {\"batch-size\": 16}; the "
                       "command line wins");
  general.emplace_back("--help", "print this text");
  if (!set.files().empty()) sections.emplace_back("Files", set.files());
  std::size_t width = 0;
  for (const auto& section : sections) width = std::max(width, detail::column_width(section.second));
  for (const auto& [heading, rows] : sections) {
    text.append("\n").append(heading).append(":\n").append(detail::two_columns(rows, width));
  }
  return text;
}

}  // namespace tagger
