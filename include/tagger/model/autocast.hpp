#pragma once

#include <ATen/autocast_mode.h>

#include <tagger/model/arithmetic.hpp>

namespace tagger {

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
