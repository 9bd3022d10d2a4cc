#pragma once

#include <cmath>
#include <cstdint>
#include <string_view>

#include <tagger/configurable.hpp>
#include <tagger/schedule/concept.hpp>

namespace tagger {

/// Times `factor` every `epochs` epochs: factor^floor(epoch / epochs). Equals torch's StepLR. He et al., "Deep residual
/// learning for image recognition", CVPR 2016, and many before. Models: Schedule.
struct StepDecay {
  static constexpr std::string_view name = "step";
  static constexpr bool needs_length = false;

  std::int64_t epochs = 30;
  double factor = 0.1;

  template <class Self>
  static void fields(Self& self, auto&& field) {
    field("epochs", self.epochs, "between one fall and the next", at_least(1));
    field("factor", self.factor, "of each fall", between(0, 1));
  }

  double operator()(const TrainingPosition& position) const {
    const std::int64_t epoch = position.step / position.steps_per_epoch;
    return std::pow(factor, static_cast<double>(epoch / epochs));
  }
};

static_assert(Schedule<StepDecay>);

}  // namespace tagger
