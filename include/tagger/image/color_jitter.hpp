#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include <tagger/error.hpp>
#include <tagger/image/color.hpp>
#include <tagger/image/concept.hpp>
#include <tagger/image/picture.hpp>
#include <tagger/random.hpp>

namespace tagger {

/// How far a colour may be jittered: by an amount either way, or from {low, high}.
class Jitter {
 public:
  constexpr Jitter() = default;
  constexpr Jitter(double amount) : low_(amount), is_amount_(true) {}
  constexpr Jitter(double low, double high) : low_(low), high_(high), is_amount_(false) {}

  /// The range of factors, of which `center` changes nothing; nothing where no other is in it.
  /// \throws OptionError for a negative amount, or a range that is not one within [least, most]
  std::optional<std::pair<double, double>> range(std::string_view name, double center, double least,
                                                 double most) const {
    double low = low_, high = high_;
    if (is_amount_) {
      if (!(low_ >= 0)) fail(name, std::to_string(low_) + " is negative");
      low = center - low_;
      high = center + low_;
      if (center > 0) low = std::max(low, 0.0);
    }
    if (!(least <= low && low <= high && high <= most)) {
      fail(name, "{" + std::to_string(low) + ", " + std::to_string(high) + "} is not a range within {" +
                     std::to_string(least) + ", " + std::to_string(most) + "}");
    }
    if (low == center && high == center) return std::nullopt;
    return std::pair{low, high};
  }

 private:
  [[noreturn]] static void fail(std::string_view name, const std::string& what) {
    throw OptionError("ColorJitter: " + std::string(name) + " " + what);
  }

  double low_ = 0;
  double high_ = 0;
  bool is_amount_ = true;
};

/// What is left out does nothing.
struct ColorJitterOptions {
  Jitter brightness{};  ///< an amount a means factors from max(0, 1 - a) to 1 + a; a range must not be negative
  Jitter contrast{};    ///< as brightness
  Jitter saturation{};  ///< as brightness
  Jitter hue{};         ///< an amount a means factors from -a to a; all within [-0.5, 0.5]
};

/// Changes brightness, contrast, saturation and hue by random factors in random order:
/// `ColorJitter{{.brightness = 0.4, .hue = {-0.1, 0.2}}}`. Without arguments it changes nothing.
/// torchvision: ColorJitter. Models: PictureTransform
class ColorJitter {
 public:
  ColorJitter() : ColorJitter(ColorJitterOptions{}) {}

  /// \throws OptionError for a range that is not one
  explicit ColorJitter(const ColorJitterOptions& options) {
    constexpr double infinity = std::numeric_limits<double>::max();
    steps_ = {Step{adjust_brightness, options.brightness.range("brightness", 1, 0, infinity)},
              Step{adjust_contrast, options.contrast.range("contrast", 1, 0, infinity)},
              Step{adjust_saturation, options.saturation.range("saturation", 1, 0, infinity)},
              Step{adjust_hue, options.hue.range("hue", 0, -0.5, 0.5)}};
  }

  Picture operator()(Picture picture, Random& random) const {
    const auto idle = [](const Step& step) { return !step.range; };
    if (std::all_of(steps_.begin(), steps_.end(), idle)) return picture;
    std::array<std::size_t, 4> order{0, 1, 2, 3};
    for (std::size_t i = order.size(); i > 1; --i) std::swap(order[i - 1], order[random.below(i)]);
    std::array<double, 4> factors{};
    for (std::size_t i = 0; i < steps_.size(); ++i) {
      if (steps_[i].range) factors[i] = random.uniform(steps_[i].range->first, steps_[i].range->second);
    }
    for (const std::size_t i : order) {
      if (steps_[i].range) picture = steps_[i].adjust(std::move(picture), factors[i]);
    }
    return picture;
  }

 private:
  struct Step {
    Picture (*adjust)(Picture, double) = nullptr;
    std::optional<std::pair<double, double>> range;
  };
  std::array<Step, 4> steps_;
};

static_assert(PictureTransform<ColorJitter>);

}  // namespace tagger
