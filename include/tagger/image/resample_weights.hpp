#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace tagger::detail {

/// Weights of one axis of Pillow's antialiased resampling, in fixed point.
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

/// A filter is what a pixel at a distance (in pixels of the smaller picture) weighs, 0 from `support` on.
struct BilinearFilter {
  static constexpr double support = 1;
  static double weight(double distance) { return std::max(1.0 - std::abs(distance), 0.0); }
};

/// Keys, "Cubic convolution interpolation for digital image processing", IEEE Transactions on Acoustics, Speech, and
/// Signal Processing, 1981, with a = -0.5.
struct BicubicFilter {
  static constexpr double support = 2;
  static double weight(double distance) {
    constexpr double a = -0.5;
    const double x = std::abs(distance);
    if (x < 1) return rounded((rounded((a + 2) * x) - (a + 3)) * x * x) + 1;
    if (x < 2) return (rounded((rounded((x - 5) * x) + 8) * x) - 4) * a;
    return 0;
  }
};

/// \param source, target  the lengths of the axis before and after; both > 0
template <class Filter>
ResampleWeights resample_weights(int source, int target) {
  const double scale = static_cast<double>(source) / target, stretch = std::max(scale, 1.0);
  const double support = Filter::support * stretch, inverse = 1.0 / stretch;
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
      weights.push_back(Filter::weight(rounded((j - center + 0.5) * inverse)));
      sum += weights.back();
    }
    result.windows.push_back({first, last - first, result.weights.size()});
    for (const double weight : weights) {
      const double normalised = (sum != 0 ? weight / sum : weight) * (1 << ResampleWeights::precision);
      result.weights.push_back(static_cast<std::int32_t>(normalised + (normalised < 0 ? -0.5 : 0.5)));
    }
  }
  return result;
}

/// One value out of `count` values that are `stride` bytes apart.
inline std::uint8_t resample_value(const std::uint8_t* from, std::ptrdiff_t stride, const std::int32_t* weights,
                                   int count) {
  std::int32_t sum = 1 << (ResampleWeights::precision - 1);
  for (int k = 0; k < count; ++k) sum += from[k * stride] * weights[k];
  return static_cast<std::uint8_t>(std::clamp(sum >> ResampleWeights::precision, 0, 255));
}

}  // namespace tagger::detail
