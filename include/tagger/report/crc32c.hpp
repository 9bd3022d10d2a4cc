#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>

namespace tagger {
namespace detail {

consteval std::array<std::uint32_t, 256> make_crc32c_table() {
  std::array<std::uint32_t, 256> table{};
  for (std::uint32_t byte = 0; byte < table.size(); ++byte) {
    std::uint32_t remainder = byte;
    for (int bit = 0; bit < 8; ++bit) remainder = remainder >> 1 ^ (remainder & 1 ? 0x82F63B78u : 0u);
    table[byte] = remainder;
  }
  return table;
}

inline constexpr auto crc32c_table = make_crc32c_table();

}  // namespace detail

/// CRC-32C of `bytes` (Castagnoli's polynomial, reflected; RFC 3720, appendix B.4).
inline std::uint32_t crc32c(std::span<const std::byte> bytes) {
  std::uint32_t crc = 0xFFFFFFFFu;
  for (const std::byte byte : bytes)
    crc = crc >> 8 ^ detail::crc32c_table[(crc ^ std::to_integer<std::uint32_t>(byte)) & 0xFF];
  return ~crc;
}

}  // namespace tagger
