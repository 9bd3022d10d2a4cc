#pragma once

#include <cmath>

#include <tagger/optimizer/concept.hpp>
#include <tagger/schedule/warmup.hpp>
#include <tagger/train/fit_options.hpp>

namespace tagger {

/// How far the next step goes: the highest learning rate, as warm-up and schedule have it by then.
inline StepSize scheduled_step(const FitOptions& options, const TrainingPosition& position) {
  const Warmup warmup{std::llround(options.warmup_epochs * static_cast<double>(position.steps_per_epoch))};
  const TrainingPosition later = warmup.after(position);
  return {.rate = options.learning_rate * warmup.factor(position) * options.schedule(later),
          .momentum = options.schedule.momentum(later)};
}

}  // namespace tagger
