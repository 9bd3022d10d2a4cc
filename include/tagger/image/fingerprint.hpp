#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <utility>
#include <vector>

#include <tagger/image/picture.hpp>
#include <tagger/image/transform.hpp>
#include <tagger/random.hpp>
#include <tagger/report/crc32c.hpp>

namespace tagger {

/// A number that tells one transform from another by what it makes of a wide and a tall picture of noise: steps are
/// functions, which have no names to compare.
/// \param seed  of what the transform decides at random
inline std::uint32_t fingerprint(const Transform& transform, std::uint64_t seed = 1) {
  std::vector<float> values(std::size_t{3} * static_cast<std::size_t>(transform.width()) *
                            static_cast<std::size_t>(transform.height()));
  std::array<std::uint32_t, 2> crcs{};
  auto* crc = crcs.data();
  for (const auto& [width, height] : {std::pair{213, 131}, {97, 205}}) {
    Picture picture(width, height);
    Random noise(7, static_cast<std::uint64_t>(width), static_cast<std::uint64_t>(height));
    for (auto& value : picture.rgb) value = static_cast<std::uint8_t>(noise() >> 24);
    Random random(seed, 0, 0);
    transform(std::move(picture), random, values);
    *crc++ = crc32c(std::as_bytes(std::span(values)));
  }
  return crc32c(std::as_bytes(std::span(crcs)));
}

/// Whether the transform decides anything at random.
inline bool is_random(const Transform& transform) {
  const std::uint32_t first = fingerprint(transform, 1);
  return fingerprint(transform, 2) != first || fingerprint(transform, 3) != first;
}

}  // namespace tagger
