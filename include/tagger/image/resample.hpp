#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <cstring>
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

// Vectors of the compilers' own (g++ and clang++), so that the same lines become SSE, AVX2 or NEON.
using Bytes8 [[gnu::vector_size(8)]] = std::uint8_t;
using Ints8 [[gnu::vector_size(32)]] = std::int32_t;

/// The rows of a picture with three bytes a pixel; `stride` bytes from one to the next.
struct Rows {
  const std::uint8_t* data;
  std::ptrdiff_t stride;
};

/// Two rows resampled along x. Reads one byte beyond the last pixel and writes one beyond the last output pixel.
[[gnu::always_inline]] inline void resample_two_rows(const std::uint8_t* first, const std::uint8_t* second,
                                                     const ResampleWeights& axis, std::uint8_t* first_out,
                                                     std::uint8_t* second_out) {
  for (const auto& window : axis.windows) {
    const std::int32_t* weights = axis.weights.data() + window.offset;
    const std::uint8_t* a = first + std::ptrdiff_t{3} * window.first;
    const std::uint8_t* b = second + std::ptrdiff_t{3} * window.first;
    Ints8 sum = Ints8{} + (1 << (ResampleWeights::precision - 1));
    for (int k = 0; k < window.count; ++k, a += 3, b += 3) {
      std::uint8_t pixels[8];
      std::memcpy(pixels, a, 4);
      std::memcpy(pixels + 4, b, 4);
      Bytes8 packed;
      std::memcpy(&packed, pixels, 8);
      sum += __builtin_convertvector(packed, Ints8) * weights[k];
    }
    sum >>= ResampleWeights::precision;
    const Bytes8 packed = __builtin_convertvector(sum > 255 ? Ints8{} + 255 : sum, Bytes8);
    std::uint8_t pixels[8];
    std::memcpy(pixels, &packed, 8);
    std::memcpy(first_out, pixels, 4);
    std::memcpy(second_out, pixels + 4, 4);
    first_out += 3;
    second_out += 3;
  }
}

/// One row of `length` bytes out of the window's rows. Reads and writes up to 7 bytes beyond.
[[gnu::always_inline]] inline void resample_column(Rows source, const std::int32_t* weights, int count,
                                                   std::ptrdiff_t length, std::uint8_t* out) {
  for (std::ptrdiff_t x = 0; x < length; x += 8) {
    Ints8 sum = Ints8{} + (1 << (ResampleWeights::precision - 1));
    for (int k = 0; k < count; ++k) {
      Bytes8 packed;
      std::memcpy(&packed, source.data + k * source.stride + x, 8);
      sum += __builtin_convertvector(packed, Ints8) * weights[k];
    }
    sum >>= ResampleWeights::precision;
    const Bytes8 packed = __builtin_convertvector(sum > 255 ? Ints8{} + 255 : sum, Bytes8);
    std::memcpy(out + x, &packed, 8);
  }
}

}  // namespace tagger::detail
