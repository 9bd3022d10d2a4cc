#pragma once

#include <algorithm>
#include <cmath>
#include <string_view>

#include <tagger/configurable.hpp>
#include <tagger/schedule/concept.hpp>

namespace tagger {

/// Constant, then down to `end` in the last `decay` of the steps: end + (1 - end) (1 - f^exponent), f the share of the
/// decay that is over. The warm-up is FitOptions::warmup_epochs. The constant part does not depend on the length, so
/// that trainings of several lengths can share it. Equals timm's WSDLRScheduler. Hu et al., "MiniCPM: unveiling the
/// potential of small language models with scalable training strategies", COLM 2024; 1 - sqrt(f): Hägele et al.,
/// "Scaling laws and compute-optimal training beyond fixed training durations", NeurIPS 2024. Models: Schedule.
struct WarmupStableDecay {
  static constexpr std::string_view name = "warmup_stable_decay";
  static constexpr bool needs_length = true;

  double decay = 0.2;
  double exponent = 0.5;
  double end = 0;

  template <class Self>
  static void fields(Self& self, auto&& field) {
    field("decay", self.decay, "share of the steps, the last ones, in which the learning rate falls", between(0, 1));
    field("exponent", self.exponent, "how it falls: 1 linearly, 0.5 fast at first, 2 slowly at first", above(0));
    field("end", self.end, "learning rate after the last step, in parts of the first", between(0, 1));
  }

  double operator()(const TrainingPosition& position) const {
    const double steps = static_cast<double>(position.steps), length = decay * steps;
    const double over = static_cast<double>(position.step) - (steps - length);
    if (over <= 0) return 1;
    return end + (1 - end) * (1 - std::pow(std::min(over / length, 1.0), exponent));
  }
};

static_assert(Schedule<WarmupStableDecay>);

}  // namespace tagger
