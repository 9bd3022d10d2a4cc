#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>

#include <tagger/error.hpp>
#include <tagger/image/picture.hpp>
#include <tagger/image/resample_weights.hpp>

namespace tagger {
namespace detail {

using ToneTable = std::array<std::uint8_t, 256>;
using Histogram = std::array<std::uint64_t, 256>;

/// table(v) for v = 0 ... 255, cut to 255 as Pillow does it.
template <class Function>
ToneTable tone_table(Function tone) {
  ToneTable table{};
  for (int v = 0; v < 256; ++v) {
    table[static_cast<std::size_t>(v)] = static_cast<std::uint8_t>(std::min<std::uint64_t>(tone(v), 255));
  }
  return table;
}

inline std::array<Histogram, 3> histograms(const Picture& picture) {
  std::array<Histogram, 3> counts{};
  for (std::size_t i = 0; i < picture.rgb.size(); ++i) ++counts[i % 3][picture.rgb[i]];
  return counts;
}

/// Each channel through the table that `tones` makes of its histogram.
template <class Tones>
Picture map_channels(Picture picture, Tones tones) {
  const auto counts = histograms(picture);
  const std::array tables{tones(counts[0]), tones(counts[1]), tones(counts[2])};
  for (std::size_t i = 0; i < picture.rgb.size(); ++i) picture.rgb[i] = tables[i % 3][picture.rgb[i]];
  return picture;
}

inline Picture map_values(Picture picture, const ToneTable& table) {
  for (auto& value : picture.rgb) value = table[value];
  return picture;
}

}  // namespace detail

/// Keeps the upper `bits` bits of each value. Pillow's ImageOps.posterize. \throws OptionError unless 1 <= bits <= 8
inline Picture posterize(Picture picture, int bits) {
  if (bits < 1 || bits > 8) throw OptionError("posterize: " + std::to_string(bits) + " bits are not 1 to 8");
  const unsigned mask = 0xFFu << (8 - bits) & 0xFFu;
  return detail::map_values(std::move(picture),
                            detail::tone_table([&](int v) { return static_cast<unsigned>(v) & mask; }));
}

/// Inverts the values from `threshold` on. Pillow's ImageOps.solarize.
inline Picture solarize(Picture picture, double threshold) {
  return detail::map_values(std::move(picture), detail::tone_table([&](int v) {
                              return static_cast<unsigned>(v < threshold ? v : 255 - v);
                            }));
}

/// Stretches each channel to 0 ... 255. Pillow's ImageOps.autocontrast.
inline Picture auto_contrast(Picture picture) {
  return detail::map_channels(std::move(picture), [](const detail::Histogram& counts) {
    const auto occurs = [](std::uint64_t count) { return count > 0; };
    const auto low = std::find_if(counts.begin(), counts.end(), occurs) - counts.begin();
    const auto high = counts.rend() - std::find_if(counts.rbegin(), counts.rend(), occurs) - 1;
    const double scale = high > low ? 255.0 / static_cast<double>(high - low) : 1;
    const double offset = high > low ? detail::rounded(-static_cast<double>(low) * scale) : 0;
    return detail::tone_table(
        [&](int v) { return static_cast<unsigned>(std::max(detail::rounded(v * scale) + offset, 0.0)); });
  });
}

/// Makes the values of each channel about equally frequent. Pillow's ImageOps.equalize.
inline Picture equalize(Picture picture) {
  return detail::map_channels(std::move(picture), [](const detail::Histogram& counts) {
    std::uint64_t sum = 0, last = 0;
    for (const auto count : counts) {
      sum += count;
      if (count > 0) last = count;
    }
    const std::uint64_t step = (sum - last) / 255;
    std::uint64_t below = step / 2;
    return detail::tone_table([&](int v) {
      const std::uint64_t tone = step > 0 ? below / step : static_cast<std::uint64_t>(v);
      below += counts[static_cast<std::size_t>(v)];
      return tone;
    });
  });
}

}  // namespace tagger
