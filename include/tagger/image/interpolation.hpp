#pragma once

#include <array>
#include <cstddef>
#include <string_view>

#include <tagger/enum_named.hpp>

namespace tagger {

/// How a picture is resampled, as Pillow and timm name it.
enum class Interpolation { nearest, bilinear, bicubic };

inline constexpr std::array<std::string_view, 3> interpolation_names{"nearest", "bilinear", "bicubic"};

constexpr std::string_view interpolation_name(Interpolation interpolation) {
  return interpolation_names[static_cast<std::size_t>(interpolation)];
}

/// \throws OptionError, listing the valid names
inline Interpolation interpolation_named(std::string_view name) {
  return enum_named<Interpolation>("interpolation", name, interpolation_names);
}

}  // namespace tagger
