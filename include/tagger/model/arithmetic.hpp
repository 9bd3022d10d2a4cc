#pragma once

#include <array>
#include <cstddef>
#include <string>
#include <string_view>

#include <tagger/closest_name.hpp>
#include <tagger/error.hpp>

namespace tagger {

/// What convolutions and matrix products are computed in. Weights, losses and metrics are float32 either way.
enum class Arithmetic { float32, bfloat16 };

inline constexpr std::array<std::string_view, 2> arithmetic_names{"float32", "bfloat16"};

inline std::string_view arithmetic_name(Arithmetic arithmetic) {
  return arithmetic_names[static_cast<std::size_t>(arithmetic)];
}

/// \throws OptionError, listing the valid names
inline Arithmetic arithmetic_named(std::string_view name) {
  for (const Arithmetic arithmetic : {Arithmetic::float32, Arithmetic::bfloat16}) {
    if (arithmetic_name(arithmetic) == name) return arithmetic;
  }
  throw OptionError(unknown_name_message("precision", name, arithmetic_names));
}

}  // namespace tagger
