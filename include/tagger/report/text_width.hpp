#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

namespace tagger {
namespace detail {

/// The code point at the start of `text` and its number of bytes; (U+FFFD, 1) where the bytes are not UTF-8.
inline std::pair<char32_t, std::size_t> first_code_point(std::string_view text) {
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  const unsigned char lead = byte(0);
  if (lead < 0x80) return {lead, 1};
  const std::size_t length = lead >= 0xF0 && lead < 0xF5 ? 4 : lead >= 0xE0 ? 3 : lead >= 0xC2 ? 2 : 0;
  if (length == 0 || lead >= 0xF5 || text.size() < length) return {0xFFFD, 1};
  char32_t point = lead & (0x7Fu >> length);
  for (std::size_t i = 1; i < length; ++i) {
    if ((byte(i) & 0xC0) != 0x80) return {0xFFFD, 1};
    point = point << 6 | (byte(i) & 0x3F);
  }
  constexpr std::array<char32_t, 5> smallest{0, 0, 0x80, 0x800, 0x10000};
  if (point < smallest[length] || point > 0x10FFFF || (point >= 0xD800 && point < 0xE000)) return {0xFFFD, 1};
  return {point, length};
}

/// Columns of a terminal that a code point takes: 0 for combining marks, 2 for East Asian wide ones and emoji.
inline int column_width(char32_t point) {
  using Range = std::pair<char32_t, char32_t>;
  constexpr std::array<Range, 9> none{{{0x300, 0x36F},
                                       {0x483, 0x489},
                                       {0x591, 0x5BD},
                                       {0x610, 0x61A},
                                       {0x64B, 0x65F},
                                       {0x200B, 0x200F},
                                       {0x20D0, 0x20FF},
                                       {0xFE00, 0xFE0F},
                                       {0xFE20, 0xFE2F}}};
  constexpr std::array<Range, 10> wide{{{0x1100, 0x115F},
                                        {0x2E80, 0x303E},
                                        {0x3041, 0xA4CF},
                                        {0xA960, 0xA97F},
                                        {0xAC00, 0xD7A3},
                                        {0xF900, 0xFAFF},
                                        {0xFE30, 0xFE6F},
                                        {0xFF00, 0xFF60},
                                        {0x1F300, 0x1FAFF},
                                        {0x20000, 0x3FFFD}}};
  const auto within = [&](const auto& ranges) {
    for (const auto& [first, last] : ranges) {
      if (point >= first && point <= last) return true;
    }
    return false;
  };
  return within(none) ? 0 : within(wide) ? 2 : 1;
}

}  // namespace detail

/// Columns of a terminal that UTF-8 `text` takes (without control characters; see printable).
inline int text_width(std::string_view text) {
  int width = 0;
  while (!text.empty()) {
    const auto [point, length] = detail::first_code_point(text);
    width += detail::column_width(point);
    text.remove_prefix(length);
  }
  return width;
}

/// `text` with control characters and bytes that are not UTF-8 replaced by '?': a label's name cannot move a cursor.
inline std::string printable(std::string_view text) {
  std::string result;
  while (!text.empty()) {
    const auto [point, length] = detail::first_code_point(text);
    const bool control = point < 0x20 || (point >= 0x7F && point < 0xA0);
    const bool broken = point == 0xFFFD && length == 1;
    if (control || broken) {
      result += '?';
    } else {
      result.append(text.substr(0, length));
    }
    text.remove_prefix(length);
  }
  return result;
}

/// The start of `text` that fits `width` columns; what is cut off leaves two dots.
inline std::string fit_width(std::string_view text, int width) {
  if (text_width(text) <= width) return std::string(text);
  std::string result;
  int used = 0;
  while (!text.empty()) {
    const auto [point, length] = detail::first_code_point(text);
    used += detail::column_width(point);
    if (used > width - 2) break;
    result.append(text.substr(0, length));
    text.remove_prefix(length);
  }
  return result.append(static_cast<std::size_t>(width < 2 ? (width < 0 ? 0 : width) : 2), '.');
}

enum class Align { left, right };

/// `text` with blanks up to `width` columns.
inline std::string pad(std::string_view text, int width, Align align = Align::left) {
  const int missing = width - text_width(text);
  const std::string blanks(static_cast<std::size_t>(missing > 0 ? missing : 0), ' ');
  return align == Align::left ? std::string(text) + blanks : blanks + std::string(text);
}

}  // namespace tagger
