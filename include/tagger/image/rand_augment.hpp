#pragma once

#include <array>
#include <cmath>
#include <cstdint>
#include <numbers>
#include <string>
#include <string_view>
#include <utility>

#include <tagger/error.hpp>
#include <tagger/image/affine.hpp>
#include <tagger/image/color.hpp>
#include <tagger/image/concept.hpp>
#include <tagger/image/picture.hpp>
#include <tagger/image/resample_weights.hpp>
#include <tagger/image/rotate.hpp>
#include <tagger/image/sharpness.hpp>
#include <tagger/image/tone.hpp>
#include <tagger/random.hpp>

namespace tagger {
namespace detail {

/// One of RandAugment's operations and how its strength grows: evenly from `first` to `last` over the bins, in `unit`s.
struct AugmentOperation {
  enum class Unit { one, width, height };

  std::string_view name;  ///< torchvision's
  Picture (*apply)(Picture picture, double strength, Color fill);
  double first = 0;
  double last = 0;
  bool both_ways = false;  ///< half of the draws take the negative strength
  Unit unit = Unit::one;

  /// In float32, which torch's linspace computes in.
  double strength(int bin, int bins, int width, int height) const {
    const double whole = unit == Unit::width ? width : unit == Unit::height ? height : 1;
    const float from = static_cast<float>(first), to = static_cast<float>(last * whole);
    const float step = (to - from) / static_cast<float>(bins - 1);
    const auto steps = [step](int count) { return static_cast<float>(rounded(step * static_cast<float>(count))); };
    return bin < bins / 2 ? from + steps(bin) : to - steps(bins - 1 - bin);
  }
};

inline Picture shear(const Picture& picture, std::array<double, 2> tangents, Color fill) {
  const auto degrees = [](double tangent) { return std::atan(tangent) * (180 / std::numbers::pi); };
  return affine(picture, inverse_affine({.shear = {degrees(tangents[0]), degrees(tangents[1])}}, {0, 0}), fill);
}

inline constexpr std::array<AugmentOperation, 14> augment_operations{{
    {"Identity", [](Picture p, double, Color) { return p; }},
    {"ShearX", [](Picture p, double s, Color fill) { return shear(p, {s, 0}, fill); }, 0, 0.3, true},
    {"ShearY", [](Picture p, double s, Color fill) { return shear(p, {0, s}, fill); }, 0, 0.3, true},
    {"TranslateX",
     [](Picture p, double s, Color fill) { return affine(p, AffineParameters{.translate = {std::trunc(s), 0}}, fill); },
     0, 150.0 / 331.0, true, AugmentOperation::Unit::width},
    {"TranslateY",
     [](Picture p, double s, Color fill) { return affine(p, AffineParameters{.translate = {0, std::trunc(s)}}, fill); },
     0, 150.0 / 331.0, true, AugmentOperation::Unit::height},
    {"Rotate", [](Picture p, double s, Color fill) { return rotate(p, s, fill); }, 0, 30, true},
    {"Brightness", [](Picture p, double s, Color) { return adjust_brightness(std::move(p), 1 + s); }, 0, 0.9, true},
    {"Color", [](Picture p, double s, Color) { return adjust_saturation(std::move(p), 1 + s); }, 0, 0.9, true},
    {"Contrast", [](Picture p, double s, Color) { return adjust_contrast(std::move(p), 1 + s); }, 0, 0.9, true},
    {"Sharpness", [](Picture p, double s, Color) { return adjust_sharpness(std::move(p), 1 + s); }, 0, 0.9, true},
    {"Posterize",
     [](Picture p, double s, Color) { return posterize(std::move(p), 8 - static_cast<int>(std::nearbyint(s))); }, 0, 4},
    {"Solarize", [](Picture p, double s, Color) { return solarize(std::move(p), s); }, 255, 0},
    {"AutoContrast", [](Picture p, double, Color) { return auto_contrast(std::move(p)); }},
    {"Equalize", [](Picture p, double, Color) { return equalize(std::move(p)); }},
}};

}  // namespace detail

/// The defaults are torchvision's.
struct RandAugmentOptions {
  int operations = 2;  ///< one after the other
  int magnitude = 9;   ///< the bin of their strengths, from 0
  int bins = 31;       ///< the strengths that there are
  Color fill{};        ///< where the picture does not reach after it was moved
};

/// Applies random operations, each as likely, at one strength. Cubuk et al., "RandAugment: practical automated data
/// augmentation with a reduced search space", NeurIPS 2020. Operations, strengths and the order of draws are
/// torchvision's RandAugment with NEAREST: Identity, ShearX, ShearY, TranslateX, TranslateY, Rotate, Brightness, Color,
/// Contrast, Sharpness, Posterize, Solarize, AutoContrast, Equalize. Models: PictureTransform
class RandAugment {
 public:
  /// \throws OptionError for a negative number of operations, fewer than 2 bins or a magnitude that is none of them
  explicit RandAugment(const RandAugmentOptions& options = {}) : options_(options) {
    if (options.operations < 0) {
      throw OptionError("RandAugment: " + std::to_string(options.operations) + " operations cannot be applied");
    }
    if (options.bins < 2 || options.magnitude < 0 || options.magnitude >= options.bins) {
      throw OptionError("RandAugment: magnitude " + std::to_string(options.magnitude) + " is not from 0 to " +
                        std::to_string(options.bins - 1) + ", the last of " + std::to_string(options.bins) + " bins");
    }
  }

  Picture operator()(Picture picture, Random& random) const {
    for (int i = 0; i < options_.operations; ++i) {
      const auto& operation = detail::augment_operations[random.below(detail::augment_operations.size())];
      double strength = operation.strength(options_.magnitude, options_.bins, picture.width, picture.height);
      if (operation.both_ways && random.below(2) == 1) strength = -strength;
      picture = operation.apply(std::move(picture), strength, options_.fill);
    }
    return picture;
  }

 private:
  RandAugmentOptions options_;
};

static_assert(PictureTransform<RandAugment>);

}  // namespace tagger
