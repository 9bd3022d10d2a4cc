#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace tagger {

/// `bytes` in base64, padded (RFC 4648, section 4).
inline std::string base64(std::span<const std::byte> bytes) {
  constexpr std::string_view digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string text;
  text.reserve((bytes.size() + 2) / 3 * 4);
  for (std::size_t i = 0; i < bytes.size(); i += 3) {
    const auto byte = [&](std::size_t k) {
      return i + k < bytes.size() ? std::to_integer<std::uint32_t>(bytes[i + k]) : 0;
    };
    const std::uint32_t triple = byte(0) << 16 | byte(1) << 8 | byte(2);
    text += digits[triple >> 18];
    text += digits[triple >> 12 & 63];
    text += i + 1 < bytes.size() ? digits[triple >> 6 & 63] : '=';
    text += i + 2 < bytes.size() ? digits[triple & 63] : '=';
  }
  return text;
}

}  // namespace tagger
