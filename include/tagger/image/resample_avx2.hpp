#pragma once

#if defined(__x86_64__)
#include <immintrin.h>
#endif

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <vector>

#include <tagger/image/picture.hpp>
#include <tagger/image/resample_weights.hpp>

namespace tagger::detail {

#if defined(__x86_64__)

inline bool has_avx2() { return __builtin_cpu_supports("avx2"); }

/// resample_along_x, two source pixels of one row at a time: a dword a channel, the fourth of each pixel idle.
[[gnu::target("avx2")]] inline void resample_along_x_avx2(const Picture& source, const ResampleWeights& axis,
                                                          Picture& target) {
  std::vector<std::int32_t> weights;  // each four times over, and an even number of them a window
  weights.reserve(4 * axis.weights.size() + 4 * axis.windows.size());
  for (const auto& window : axis.windows) {
    for (int k = 0; k < window.count; ++k) weights.insert(weights.end(), 4, axis.weights[window.offset + k]);
    if (window.count % 2 != 0) weights.insert(weights.end(), 4, 0);
  }
  constexpr std::size_t overrun = 16;  // bytes that a load may reach beyond the end of a row, of which it uses none
  const std::size_t length = 3 * static_cast<std::size_t>(source.width);
  const std::uint8_t* const end = source.rgb.data() + source.rgb.size();
  std::vector<std::uint8_t> padded(length + overrun), line(3 * static_cast<std::size_t>(target.width) + 1);
  const __m256i pixels = _mm256_setr_epi8(0, -1, -1, -1, 1, -1, -1, -1, 2, -1, -1, -1, -1, -1, -1, -1,  //
                                          3, -1, -1, -1, 4, -1, -1, -1, 5, -1, -1, -1, -1, -1, -1, -1);
  const __m128i half = _mm_set1_epi32(1 << (ResampleWeights::precision - 1));
  for (int y = 0; y < source.height; ++y) {
    const std::uint8_t* row = source.row(y);
    if (end - row < static_cast<std::ptrdiff_t>(padded.size())) {
      std::memcpy(padded.data(), row, length);
      row = padded.data();
    }
    const std::int32_t* weight = weights.data();
    std::uint8_t* out = line.data();
    for (const auto& window : axis.windows) {
      const std::uint8_t* from = row + std::ptrdiff_t{3} * window.first;
      __m256i sums = _mm256_setzero_si256();
      for (int k = 0; k < window.count; k += 2, from += 6, weight += 8) {
        const __m256i bytes = _mm256_broadcastsi128_si256(_mm_loadu_si128(reinterpret_cast<const __m128i*>(from)));
        const __m256i factors = _mm256_loadu_si256(reinterpret_cast<const __m256i*>(weight));
        sums = _mm256_add_epi32(sums, _mm256_mullo_epi32(_mm256_shuffle_epi8(bytes, pixels), factors));
      }
      __m128i sum = _mm_add_epi32(_mm256_castsi256_si128(sums), _mm256_extracti128_si256(sums, 1));
      sum = _mm_srai_epi32(_mm_add_epi32(sum, half), ResampleWeights::precision);
      sum = _mm_packus_epi16(_mm_packus_epi32(sum, sum), sum);
      const int pixel = _mm_cvtsi128_si32(sum);
      std::memcpy(out, &pixel, 4);  // the fourth byte is where the next pixel will be
      out += 3;
    }
    std::memcpy(target.row(y), line.data(), line.size() - 1);
  }
}

/// resample_along_y, 16 values at a time.
[[gnu::target("avx2")]] inline void resample_along_y_avx2(const Picture& source, const ResampleWeights& axis,
                                                          Picture& target) {
  constexpr std::ptrdiff_t step = 16;
  const std::ptrdiff_t length = std::ptrdiff_t{3} * source.width;
  const __m256i half = _mm256_set1_epi32(1 << (ResampleWeights::precision - 1));
  for (int y = 0; y < target.height; ++y) {
    const auto& window = axis.windows[static_cast<std::size_t>(y)];
    const std::int32_t* const weights = axis.weights.data() + window.offset;
    const std::uint8_t* const top = source.row(window.first);
    std::uint8_t* const out = target.row(y);
    std::ptrdiff_t x = 0;
    for (; x + step <= length; x += step) {
      __m256i left = half, right = half;
      for (int k = 0; k < window.count; ++k) {
        const __m128i bytes = _mm_loadu_si128(reinterpret_cast<const __m128i*>(top + k * length + x));
        const __m256i factor = _mm256_set1_epi32(weights[k]);
        left = _mm256_add_epi32(left, _mm256_mullo_epi32(_mm256_cvtepu8_epi32(bytes), factor));
        right =
            _mm256_add_epi32(right, _mm256_mullo_epi32(_mm256_cvtepu8_epi32(_mm_unpackhi_epi64(bytes, bytes)), factor));
      }
      left = _mm256_srai_epi32(left, ResampleWeights::precision);
      right = _mm256_srai_epi32(right, ResampleWeights::precision);
      const __m256i words = _mm256_permute4x64_epi64(_mm256_packus_epi32(left, right), 0b11'01'10'00);
      const __m128i packed = _mm_packus_epi16(_mm256_castsi256_si128(words), _mm256_extracti128_si256(words, 1));
      _mm_storeu_si128(reinterpret_cast<__m128i*>(out + x), packed);
    }
    for (; x < length; ++x) out[x] = resample_value(top + x, length, weights, window.count);
  }
}

#else

inline bool has_avx2() { return false; }
inline void resample_along_x_avx2(const Picture&, const ResampleWeights&, Picture&) {}
inline void resample_along_y_avx2(const Picture&, const ResampleWeights&, Picture&) {}

#endif

}  // namespace tagger::detail
