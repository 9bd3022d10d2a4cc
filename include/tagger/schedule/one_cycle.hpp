#pragma once

#include <cmath>
#include <numbers>
#include <optional>
#include <string_view>

#include <tagger/configurable.hpp>
#include <tagger/schedule/concept.hpp>

namespace tagger {

/// One rise and one fall, each half a period of a cosine: the learning rate goes from 1 / `divisor` up to 1, which it
/// reaches after `rise` of the steps, and down to 1 / (`divisor` * `end_divisor`) at the last step; the optimizer's
/// momentum goes down and up again meanwhile, unless `cycle_momentum` is false. Equals torch's OneCycleLR of two
/// phases. Smith and Topin, "Super-convergence: very fast training of neural networks using large learning rates",
/// 2018. Models: Schedule.
struct OneCycle {
  static constexpr std::string_view name = "one_cycle";
  static constexpr bool needs_length = true;

  double rise = 0.3;
  double divisor = 25;
  double end_divisor = 1e4;
  bool cycle_momentum = true;
  double low_momentum = 0.85;
  double high_momentum = 0.95;

  template <class Self>
  static void fields(Self& self, auto&& field) {
    field("rise", self.rise, "share of the steps in which the learning rate rises", between(0, 1));
    field("divisor", self.divisor, "highest learning rate, in parts of the first", above(0));
    field("end_divisor", self.end_divisor, "first learning rate, in parts of the last", above(0));
    field("cycle_momentum", self.cycle_momentum, "lower the momentum (Adam's beta1) while the learning rate rises");
    field("low_momentum", self.low_momentum, "where the learning rate is highest", between(0, 1));
    field("high_momentum", self.high_momentum, "at both ends", between(0, 1));
  }

  double operator()(const TrainingPosition& position) const {
    return at(position, 1 / divisor, 1, 1 / divisor / end_divisor);
  }

  std::optional<double> momentum(const TrainingPosition& position) const {
    if (!cycle_momentum) return std::nullopt;
    return at(position, high_momentum, low_momentum, high_momentum);
  }

 private:
  /// From `first` over `middle` to `last`.
  double at(const TrainingPosition& position, double first, double middle, double last) const {
    const double step = static_cast<double>(position.step), end = static_cast<double>(position.steps) - 1;
    const double top = rise * static_cast<double>(position.steps) - 1;
    if (step < top) return eased(first, middle, step / top);
    return end > top ? eased(middle, last, (step - top) / (end - top)) : middle;
  }
  static double eased(double from, double to, double share) {
    return to + (from - to) / 2 * (1 + std::cos(std::numbers::pi * share));
  }
};

static_assert(Schedule<OneCycle>);

}  // namespace tagger
