#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <utility>
#include <vector>

#include <tagger/error.hpp>
#include <tagger/image/picture.hpp>
#include <tagger/image/transform.hpp>
#include <tagger/random.hpp>
#include <tagger/report/crc32c.hpp>

namespace tagger {

/// A number that tells one transform from another by what it makes of a wide and a tall picture of noise: steps are
/// functions, which have no names to compare.
/// \throws OptionError when the transform decides anything at random
inline std::uint32_t fingerprint(const Transform& transform) {
  std::vector<float> values(std::size_t{3} * static_cast<std::size_t>(transform.height() * transform.width()));
  const auto outcome = [&](std::uint64_t seed) {
    std::array<std::uint32_t, 2> crcs{};
    auto* crc = crcs.data();
    for (const auto [width, height] : {std::pair{613, 331}, {97, 205}}) {
      Picture picture(width, height);
      Random noise(7, static_cast<std::uint64_t>(width), static_cast<std::uint64_t>(height));
      for (auto& value : picture.rgb) value = static_cast<std::uint8_t>(noise.bits64() >> 56);
      Random random(seed, 0, 0);
      transform(std::move(picture), random, values);
      *crc++ = crc32c(std::as_bytes(std::span(values)));
    }
    return crc32c(std::as_bytes(std::span(crcs)));
  };
  const std::uint32_t first = outcome(1);
  if (outcome(2) != first || outcome(3) != first) {
    throw OptionError(
        "this transform changes pictures at random: their features cannot be computed once and for all; "
        "take an evaluation transform");
  }
  return first;
}

}  // namespace tagger
