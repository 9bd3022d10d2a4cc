#pragma once

#include <array>
#include <charconv>
#include <cmath>
#include <concepts>
#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <system_error>

#include <tagger/error.hpp>

namespace tagger {

/// How a configuration file writes a value.
enum class ConfigType { boolean, number, text };

/// How a type is read from an option's text and written as a default in `--help`. Specialise it to use a type of your
/// own as an option:
/// - `static T parse(std::string_view)` takes the whole text or throws OptionError("needs a ...");
/// - `static std::string format(const T&)`; an empty text shows no default;
/// - `static constexpr ConfigType config_type`.
template <typename T>
struct OptionTraits;

/// A type that an option can have.
template <typename T>
concept OptionValue = requires(std::string_view text, const T& value) {
  { OptionTraits<T>::parse(text) } -> std::same_as<T>;
  { OptionTraits<T>::format(value) } -> std::convertible_to<std::string>;
  { OptionTraits<T>::config_type } -> std::convertible_to<ConfigType>;
};

/// Whole numbers, decimal. No sign wraps into an unsigned type, nothing may follow the digits, nothing overflows.
template <std::integral T>
  requires(!std::same_as<T, bool> && !std::same_as<T, char>)
struct OptionTraits<T> {
  static constexpr ConfigType config_type = ConfigType::number;
  static constexpr std::string_view noun = "a whole number";

  static T parse(std::string_view text) {
    T value{};
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc{} || end != text.data() + text.size()) {
      throw OptionError("needs a whole number" +
                        std::string(error == std::errc::result_out_of_range ? " in range" : ""));
    }
    return value;
  }
  static std::string format(T value) { return std::to_string(value); }
};

/// Finite numbers: 0.5, 1e-4. Neither "nan" nor "inf".
template <std::floating_point T>
struct OptionTraits<T> {
  static constexpr ConfigType config_type = ConfigType::number;
  static constexpr std::string_view noun = "a number";

  static T parse(std::string_view text) {
    T value{};
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc{} || end != text.data() + text.size() || !std::isfinite(value)) {
      throw OptionError("needs a number");
    }
    return value;
  }
  static std::string format(T value) {
    char buffer[64];
    std::string text(buffer, std::to_chars(buffer, buffer + sizeof buffer, value).ptr);
    if (const auto zero = text.find("e-0"); zero != std::string::npos) text.erase(zero + 2, 1);
    return text;
  }
};

template <>
struct OptionTraits<std::string> {
  static constexpr ConfigType config_type = ConfigType::text;
  static std::string parse(std::string_view text) {
    if (text.empty()) throw OptionError("must not be empty");
    return std::string(text);
  }
  static std::string format(const std::string& value) { return value; }
};

/// A path as it was typed, blanks and all.
template <>
struct OptionTraits<std::filesystem::path> {
  static constexpr ConfigType config_type = ConfigType::text;
  static std::filesystem::path parse(std::string_view text) {
    if (text.empty()) throw OptionError("needs a path");
    return std::filesystem::path(text);
  }
  static std::string format(const std::filesystem::path& value) { return value.string(); }
};

/// A colour, red, green and blue: "#rrggbb".
template <>
struct OptionTraits<std::array<std::uint8_t, 3>> {
  static constexpr ConfigType config_type = ConfigType::text;
  static std::array<std::uint8_t, 3> parse(std::string_view text) {
    std::array<std::uint8_t, 3> colour{};
    bool valid = text.size() == 7 && text.front() == '#';
    for (std::size_t i = 0; valid && i < colour.size(); ++i) {
      const char* begin = text.data() + 1 + 2 * i;
      const auto [end, error] = std::from_chars(begin, begin + 2, colour[i], 16);
      valid = error == std::errc{} && end == begin + 2;
    }
    if (!valid) throw OptionError("needs a colour as #rrggbb, for example #ffffff for white");
    return colour;
  }
  static std::string format(const std::array<std::uint8_t, 3>& colour) {
    std::string text = "#";
    for (const std::uint8_t part : colour) {
      text += "0123456789abcdef"[part >> 4];
      text += "0123456789abcdef"[part & 15];
    }
    return text;
  }
};

}  // namespace tagger
