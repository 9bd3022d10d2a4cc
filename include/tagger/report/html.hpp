#pragma once

#include <charconv>
#include <concepts>
#include <cstddef>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>

#include <tagger/report/text_width.hpp>

namespace tagger {

/// A piece of a page: markup, as opposed to text that must be escaped before it becomes part of a page.
struct Html {
  std::string markup;

  Html& operator+=(const Html& other) {
    markup += other.markup;
    return *this;
  }
  friend Html operator+(Html first, const Html& second) { return first += second; }
};

/// `text` for the inside of an element or of a quoted attribute, in HTML and XML. Control characters and bytes that
/// are not UTF-8 become U+FFFD.
inline Html escape(std::string_view text) {
  Html html;
  while (!text.empty()) {
    const auto [point, length] = detail::first_code_point(text);
    const std::string_view character = text.substr(0, length);
    text.remove_prefix(length);
    const bool blank = point == '\t' || point == '\n' || point == '\r';
    const bool control = (point < 0x20 && !blank) || (point >= 0x7F && point < 0xA0);
    if (control || (point & 0xFFFE) == 0xFFFE || (point == 0xFFFD && length == 1)) {
      html.markup += "\uFFFD";
    } else if (character == "&") {
      html.markup += "&amp;";
    } else if (character == "<") {
      html.markup += "&lt;";
    } else if (character == ">") {
      html.markup += "&gt;";
    } else if (character == "\"") {
      html.markup += "&quot;";
    } else if (character == "'") {
      html.markup += "&#39;";
    } else {
      html.markup += character;
    }
  }
  return html;
}

/// `number` with at most four significant digits and no zeros at its end: 0.5, 12.25, 1.235e-07.
inline std::string short_number(double number) {
  char digits[32];
  return {digits, std::to_chars(digits, digits + sizeof digits, number, std::chars_format::general, 4).ptr};
}

namespace detail {

inline void append_html(std::string& markup, const Html& html) { markup += html.markup; }
inline void append_html(std::string& markup, std::string_view text) { markup += escape(text).markup; }
template <std::integral T>
void append_html(std::string& markup, T number) {
  markup += std::to_string(number);
}
inline void append_html(std::string& markup, double number) { markup += short_number(number); }

/// A string literal with as many {} as there are arguments, which is checked at compile time.
template <typename... Args>
struct HtmlPattern {
  consteval HtmlPattern(const char* pattern) : text(pattern) {  // NOLINT(google-explicit-constructor)
    std::size_t holes = 0;
    for (std::size_t at = text.find("{}"); at != text.npos; at = text.find("{}", at + 2)) ++holes;
    if (holes != sizeof...(Args)) throw "the pattern needs one {} for each argument";
  }
  std::string_view text;
};

}  // namespace detail

/// Markup from a pattern: each {} is replaced by an argument. Text is escaped, Html stands as it is: what came from a
/// file cannot become markup by mistake.
///
///     html("<td title=\"{}\">{}</td>", label, count)
template <typename... Args>
Html html(detail::HtmlPattern<std::type_identity_t<Args>...> pattern, const Args&... arguments) {
  Html result;
  std::string_view rest = pattern.text;
  [[maybe_unused]] const auto fill = [&](const auto& argument) {
    const std::size_t hole = rest.find("{}");
    result.markup += rest.substr(0, hole);
    detail::append_html(result.markup, argument);
    rest.remove_prefix(hole + 2);
  };
  (fill(arguments), ...);
  result.markup += rest;
  return result;
}

/// `count` with a comma every three digits: 161,789.
inline std::string group_digits(std::integral auto count) {
  const std::string digits = std::to_string(count);
  std::string grouped;
  for (std::size_t i = 0; i < digits.size(); ++i) {
    const bool after_digit = i > 0 && digits[i - 1] != '-';
    if (after_digit && (digits.size() - i) % 3 == 0) grouped += ',';
    grouped += digits[i];
  }
  return grouped;
}

}  // namespace tagger
