#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace tagger::detail {

/// Weights of one axis of Pillow's antialiased bilinear resampling, in fixed point.
struct ResampleWeights {
  static constexpr int precision = 22;

  /// The source pixels [first, first + count) give one output pixel, by the weights at offset.
  struct Window {
    int first;
    int count;
    std::size_t offset;
  };
  std::vector<Window> windows;        ///< one an output pixel
  std::vector<std::int32_t> weights;  ///< of all windows, one after the other; each window's sum is 2^precision or so
};

/// `value` as a double in memory has it: keeps compilers from fusing a product with the sum after it (which Pillow's do
/// not), whatever they are told about contraction.
inline double rounded(double value) {
  const volatile double stored = value;
  return stored;
}

/// \param source, target  the lengths of the axis before and after; both > 0
inline ResampleWeights resample_weights(int source, int target) {
  const double scale = static_cast<double>(source) / target;
  const double support = std::max(scale, 1.0), inverse = 1.0 / support;
  ResampleWeights result;
  result.windows.reserve(static_cast<std::size_t>(target));
  std::vector<double> weights;
  for (int i = 0; i < target; ++i) {
    const double center = rounded((i + 0.5) * scale);
    const int first = std::max(static_cast<int>(center - support + 0.5), 0);
    const int last = std::min(static_cast<int>(center + support + 0.5), source);
    double sum = 0;
    weights.clear();
    for (int j = first; j < last; ++j) {
      const double distance = rounded((j - center + 0.5) * inverse);
      weights.push_back(std::max(1.0 - std::abs(distance), 0.0));
      sum += weights.back();
    }
    result.windows.push_back({first, last - first, result.weights.size()});
    for (const double weight : weights) {
      const double normalised = sum != 0 ? weight / sum : weight;
      result.weights.push_back(static_cast<std::int32_t>(0.5 + normalised * (1 << ResampleWeights::precision)));
    }
  }
  return result;
}

/// One value out of `count` values that are `stride` bytes apart.
inline std::uint8_t resample_value(const std::uint8_t* from, std::ptrdiff_t stride, const std::int32_t* weights,
                                   int count) {
  std::int32_t sum = 1 << (ResampleWeights::precision - 1);
  for (int k = 0; k < count; ++k) sum += from[k * stride] * weights[k];
  return static_cast<std::uint8_t>(std::min(sum >> ResampleWeights::precision, 255));
}

}  // namespace tagger::detail
