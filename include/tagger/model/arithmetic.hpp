#pragma once

#include <array>
#include <string>
#include <string_view>

#include <ATen/autocast_mode.h>

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

/// Mixed precision for as long as it lives: torch's autocast, which keeps what needs float32 in float32.
class Autocast {
 public:
  Autocast(Arithmetic arithmetic, at::DeviceType device)
      : device_(device),
        was_enabled_(at::autocast::is_autocast_enabled(device)),
        old_type_(at::autocast::get_autocast_dtype(device)) {
    at::autocast::increment_nesting();
    at::autocast::set_autocast_enabled(device_, arithmetic == Arithmetic::bfloat16);
    if (arithmetic == Arithmetic::bfloat16) at::autocast::set_autocast_dtype(device_, at::kBFloat16);
  }
  Autocast(const Autocast&) = delete;
  Autocast& operator=(const Autocast&) = delete;
  ~Autocast() {
    if (at::autocast::decrement_nesting() == 0) at::autocast::clear_cache();
    at::autocast::set_autocast_enabled(device_, was_enabled_);
    at::autocast::set_autocast_dtype(device_, old_type_);
  }

 private:
  at::DeviceType device_;
  bool was_enabled_;
  at::ScalarType old_type_;
};

}  // namespace tagger
