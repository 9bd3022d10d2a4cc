#pragma once

#include <array>
#include <cmath>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

#include <tagger/error.hpp>
#include <tagger/image/box.hpp>
#include <tagger/random.hpp>

namespace tagger::detail {

using Bounds = std::array<double, 2>;  ///< {low, high}

inline constexpr int draws = 10;  ///< of a rectangle before it is given up that one fits

/// The sides of a random rectangle in whole pixels: its area is uniform in `share` of `area`, the logarithm of
/// first : second uniform in `ratio`. They may be of any length, also 0.
inline std::pair<double, double> draw_sides(double area, const Bounds& share, const Bounds& ratio, Random& random) {
  const double drawn = area * random.uniform(share[0], share[1]);
  const double proportion = std::exp(random.uniform(std::log(ratio[0]), std::log(ratio[1])));
  return {std::nearbyint(std::sqrt(drawn * proportion)), std::nearbyint(std::sqrt(drawn / proportion))};
}

/// A rectangle of width x height somewhere in a picture that it fits into.
inline Box place(double width, double height, int picture_width, int picture_height, Random& random) {
  const auto offset = [&](int room) { return static_cast<int>(random.below(static_cast<std::uint64_t>(room) + 1)); };
  Box box{.width = static_cast<int>(width), .height = static_cast<int>(height)};
  box.top = offset(picture_height - box.height);
  box.left = offset(picture_width - box.width);
  return box;
}

/// \throws OptionError, in the name of `step`
inline void check_shares(std::string_view step, const Bounds& scale, const Bounds& ratio) {
  const auto fail = [&](std::string_view name, const Bounds& range, std::string_view what) {
    throw OptionError(std::string(step) + ": " + std::string(name) + " {" + std::to_string(range[0]) + ", " +
                      std::to_string(range[1]) + "} is not a range {low, high} " + std::string(what));
  };
  if (!(scale[0] >= 0 && scale[0] <= scale[1] && scale[1] <= 1)) fail("scale", scale, "within 0 and 1");
  if (!(ratio[0] > 0 && ratio[0] <= ratio[1] && std::isfinite(ratio[1]))) fail("ratio", ratio, "above 0");
}

}  // namespace tagger::detail
