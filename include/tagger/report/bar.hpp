#pragma once

#include <algorithm>
#include <array>
#include <cmath>
#include <string>

namespace tagger {

/// The characters of which bars are drawn.
enum class BarStyle { ascii, blocks };

/// The filled part of a horizontal bar: `fraction` (0 to 1) of `columns`, to an eighth of a column with blocks.
inline std::string draw_bar(double fraction, int columns, BarStyle style) {
  const double length = std::clamp(fraction, 0.0, 1.0) * std::max(columns, 0);
  std::string bar;
  if (style == BarStyle::ascii) return std::string(static_cast<std::size_t>(std::lround(length)), '#');
  constexpr std::array<const char*, 8> eighths{"", "▏", "▎", "▍", "▌", "▋", "▊", "▉"};
  const auto units = static_cast<std::size_t>(std::lround(8 * length));
  for (std::size_t i = 0; i < units / 8; ++i) bar += "█";
  return bar + eighths[units % 8];
}

}  // namespace tagger
