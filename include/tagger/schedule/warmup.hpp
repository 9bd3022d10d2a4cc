#pragma once

#include <algorithm>
#include <cstdint>

#include <tagger/schedule/concept.hpp>

namespace tagger {

/// A warm-up before any schedule: the learning rate grows linearly, from a hundredth of the schedule's first, for
/// `steps` steps; then the schedule has the steps that are left to it. Goyal et al., "Accurate, large minibatch SGD",
/// 2017. Equals torch's SequentialLR of LinearLR(start_factor=0.01) and the schedule, as torchvision's recipes have it.
struct Warmup {
  static constexpr double start = 0.01;

  std::int64_t steps = 0;

  /// Of the learning rate that the schedule gives for `after(position)`.
  double factor(const TrainingPosition& position) const {
    if (position.step >= steps) return 1;
    return start + (1 - start) * static_cast<double>(position.step) / static_cast<double>(steps);
  }

  /// Where the schedule stands.
  TrainingPosition after(TrainingPosition position) const {
    position.step = std::max<std::int64_t>(position.step - steps, 0);
    position.steps = std::max<std::int64_t>(position.steps - steps, 1);
    return position;
  }
};

}  // namespace tagger
