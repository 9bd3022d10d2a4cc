#pragma once

#include <cmath>
#include <numbers>
#include <string_view>

#include <tagger/configurable.hpp>
#include <tagger/schedule/concept.hpp>

namespace tagger {

/// Half a period of a cosine from 1 to `end`: end + (1 - end) (1 + cos(pi t / T)) / 2 at step t of T. Equals torch's
/// CosineAnnealingLR and timm's CosineLRScheduler of one cycle. Loshchilov and Hutter, "SGDR: stochastic gradient
/// descent with warm restarts", ICLR 2017. Models: Schedule.
struct Cosine {
  static constexpr std::string_view name = "cosine";
  static constexpr bool needs_length = true;

  double end = 0;

  template <class Self>
  static void fields(Self& self, auto&& field) {
    field("end", self.end, "learning rate after the last step, in parts of the first", between(0, 1));
  }

  double operator()(const TrainingPosition& position) const {
    const double done = static_cast<double>(position.step) / static_cast<double>(position.steps);
    return end + (1 - end) * (1 + std::cos(std::numbers::pi * done)) / 2;
  }
};

static_assert(Schedule<Cosine>);

}  // namespace tagger
