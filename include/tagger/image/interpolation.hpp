#pragma once

#include <array>
#include <cstddef>
#include <string_view>

#include <tagger/closest_name.hpp>
#include <tagger/error.hpp>

namespace tagger {

/// How a picture is resampled, as Pillow and timm name it.
enum class Interpolation { nearest, bilinear, bicubic };

inline constexpr std::array<std::string_view, 3> interpolation_names{"nearest", "bilinear", "bicubic"};

constexpr std::string_view interpolation_name(Interpolation interpolation) {
  return interpolation_names[static_cast<std::size_t>(interpolation)];
}

/// \throws OptionError, listing the valid names
inline Interpolation interpolation_named(std::string_view name) {
  for (std::size_t i = 0; i < interpolation_names.size(); ++i) {
    if (interpolation_names[i] == name) return static_cast<Interpolation>(i);
  }
  throw OptionError(unknown_name_message("interpolation", name, interpolation_names));
}

}  // namespace tagger
