#pragma once

#include <array>
#include <cstddef>
#include <string_view>

#include <tagger/enum_named.hpp>

namespace tagger {

/// How a picture of any shape becomes the square that a network takes; `squash` and `center` as timm names them.
enum class CropMode {
  squash,  ///< all of it, its aspect ratio not kept
  center,  ///< the largest square in its middle
  pad      ///< all of it, with a border that makes it a square
};

inline constexpr std::array<std::string_view, 3> crop_mode_names{"squash", "center", "pad"};

constexpr std::string_view crop_mode_name(CropMode mode) { return crop_mode_names[static_cast<std::size_t>(mode)]; }

/// \throws OptionError, listing the valid names
inline CropMode crop_mode_named(std::string_view name) {
  return enum_named<CropMode>("crop mode", name, crop_mode_names);
}

}  // namespace tagger
