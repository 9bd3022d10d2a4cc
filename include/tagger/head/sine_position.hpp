#pragma once

#include <cstdint>
#include <numbers>

#include <ATen/TensorOperators.h>
#include <ATen/core/Tensor.h>
#include <ATen/ops/arange.h>
#include <ATen/ops/cat.h>
#include <ATen/ops/pow.h>
#include <ATen/ops/stack.h>

namespace tagger {

/// (1, rows * columns, width): where each pixel of a map is, in sines and cosines of wavelengths that grow from the
/// picture's side to 10,000 times that; the first half for the row, the second for the column. Positions count from 1
/// to 2 pi from edge to edge, so that the size of the picture does not matter. Carion et al., "End-to-end object
/// detection with transformers", ECCV 2020.
/// \param width  a multiple of 4
inline at::Tensor sine_position(std::int64_t rows, std::int64_t columns, std::int64_t width,
                                const at::TensorOptions& options) {
  const std::int64_t half = width / 2;
  const at::Tensor exponent = at::arange(0, half, 2, options) / static_cast<double>(half);
  const auto encoded = [&](std::int64_t count) {  // (count, half)
    const at::Tensor place =
        at::arange(1, count + 1, options) * (2 * std::numbers::pi / (static_cast<double>(count) + 1e-6));
    const at::Tensor angle = place.unsqueeze(1) * at::pow(10000, -exponent);
    return at::stack({angle.sin(), angle.cos()}, 2).flatten(1);
  };
  const at::Tensor row = encoded(rows).unsqueeze(1).expand({-1, columns, -1});
  const at::Tensor column = encoded(columns).unsqueeze(0).expand({rows, -1, -1});
  return at::cat({row, column}, 2).flatten(0, 1).unsqueeze(0);
}

}  // namespace tagger
