#pragma once

#include <array>
#include <charconv>
#include <string>
#include <string_view>
#include <system_error>

#include <c10/core/Device.h>

#include <tagger/closest_name.hpp>
#include <tagger/error.hpp>

namespace tagger {

inline constexpr std::array<std::string_view, 3> device_names{"cpu", "cuda", "cuda:N"};

/// What networks compute on: `cpu`; `cuda:N`, the N-th of NVIDIA's GPUs, from 0; `cuda`, the first. Whether there is
/// one, check_device() says. A model goes there by `model.to(device)`.
/// \throws OptionError, listing the valid names
inline at::Device device_named(std::string_view name) {
  if (name == "cpu") return at::kCPU;
  constexpr std::string_view first = "cuda", numbered = "cuda:";
  if (name == first) return {at::kCUDA, 0};
  if (name.starts_with(numbered)) {
    c10::DeviceIndex index = -1;
    const auto [end, error] = std::from_chars(name.data() + numbered.size(), name.data() + name.size(), index);
    if (error == std::errc{} && end == name.data() + name.size() && index >= 0) return {at::kCUDA, index};
  }
  throw OptionError(unknown_name_message("device", name, device_names));
}

}  // namespace tagger
