#pragma once

#include <cmath>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include <ATen/ops/empty.h>

#include <tagger/weights/model_state.hpp>

/// Tensors that are a function of their names: tests/oracles/generated.py makes the same ones, and says how.
namespace generated {

inline std::uint64_t hash_of(std::string_view name) {
  std::uint64_t value = 0xCBF29CE484222325 ^ 2020;
  for (const char byte : name) value = (value ^ static_cast<unsigned char>(byte)) * 0x100000001B3;
  return value;
}

/// Calls `take(u)` with `count` numbers u in [0, 1).
template <class Take>
void uniform(std::string_view name, std::int64_t count, Take take) {
  std::uint64_t state = hash_of(name);
  for (std::int64_t i = 0; i < count; ++i) {
    std::uint64_t x = state += 0x9E3779B97F4A7C15;
    x = (x ^ (x >> 30)) * 0xBF58476D1CE4E5B9;
    x = (x ^ (x >> 27)) * 0x94D049BB133111EB;
    x ^= x >> 31;
    take(static_cast<double>(x >> 40) * 0x1p-24);
  }
}

inline at::Tensor tensor(std::string_view name, const std::vector<std::int64_t>& shape) {
  at::Tensor result = at::empty(shape, at::kFloat);
  float* out = result.mutable_data_ptr<float>();
  const auto fill = [&](auto value) {
    uniform(name, result.numel(), [&](double u) { *out++ = static_cast<float>(value(u)); });
  };
  const bool scale = (name.ends_with("weight") || name.find("gamma") != name.npos) && shape.size() == 1;
  if (name.ends_with("running_var") || scale) {
    fill([](double u) { return 0.8 + 0.4 * u; });
  } else if (shape.size() > 1 && name.ends_with("weight")) {
    const double bound = std::sqrt(3.5 / static_cast<double>(result.numel() / shape[0]));
    fill([&](double u) { return (2 * u - 1) * bound; });
  } else if (name.ends_with("num_batches_tracked")) {
    return result.zero_().to(at::kLong);
  } else {
    const double bound = name == "images" ? 2 : 0.1;
    fill([&](double u) { return (2 * u - 1) * bound; });
  }
  return result;
}

/// Gives all of a tagger's tensors the values that belong to their published names, the weights of its convolutions
/// `gain` times those.
template <tagger::AnyTaggerType Model>
void fill(Model& model, double gain = 1) {
  for (auto& [name, value] : tagger::model_state(model)) {
    value.copy_(tensor(name, value.sizes().vec()));
    if (value.dim() == 4 && gain != 1) value.mul_(gain);
  }
}

inline std::vector<std::string> labels(int count) {
  std::vector<std::string> names;
  for (int i = 0; i < count; ++i) names.push_back("label " + std::to_string(i));
  return names;
}

}  // namespace generated
