#pragma once

#include <array>
#include <charconv>
#include <cstdlib>
#include <string>
#include <string_view>
#include <system_error>

#include <ATen/Context.h>
#include <ATen/core/Tensor.h>
#include <torch/cuda.h>

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

/// \throws OptionError where this process cannot compute on `device`, saying what there is and what to do
inline void check_device(at::Device device) {
  if (device.is_cpu()) return;
  if (!at::Context::hasCUDART()) {
    throw OptionError(device.str() +
                      ": this LibTorch computes on the CPU only; build with one that has CUDA, see the README's "
                      "\"On a GPU\"");
  }
  const int count = torch::cuda::device_count();
  if (device.index() < count) return;
  if (count > 0) {
    throw OptionError(device.str() + ": there is no such GPU; LibTorch sees " + std::to_string(count) +
                      (count == 1 ? ": cuda:0" : ": cuda:0 to cuda:" + std::to_string(count - 1)));
  }
  const char* visible = std::getenv("CUDA_VISIBLE_DEVICES");
  throw OptionError(device.str() + ": LibTorch has CUDA, but sees no GPU" +
                    (visible ? ", with CUDA_VISIBLE_DEVICES=" + std::string(visible) : std::string()) +
                    "; see whether nvidia-smi shows one, and a driver that is new enough");
}

/// A batch, in memory of the CPU, where a network wants it. From page-locked memory it goes while the CPU goes on.
inline at::Tensor on_device(const at::Tensor& batch, at::Device device) {
  return batch.to(device, batch.scalar_type(), /*non_blocking=*/true);
}

}  // namespace tagger
