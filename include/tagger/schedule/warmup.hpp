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

  /// Of the learning rate that the schedule gives for `after(progress)`.
  double factor(const Progress& progress) const {
    if (progress.step >= steps) return 1;
    return start + (1 - start) * static_cast<double>(progress.step) / static_cast<double>(steps);
  }

  /// Where the schedule stands.
  Progress after(Progress progress) const {
    progress.step = std::max<std::int64_t>(progress.step - steps, 0);
    progress.steps = std::max<std::int64_t>(progress.steps - steps, 1);
    return progress;
  }
};

}  // namespace tagger
