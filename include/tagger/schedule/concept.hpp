#pragma once

#include <concepts>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

namespace tagger {

/// Where a training stands when it is about to take a step.
struct TrainingPosition {
  std::int64_t step = 0;   ///< how many steps lie behind
  std::int64_t steps = 1;  ///< of the whole training
  std::int64_t steps_per_epoch = 1;
  std::span<const double> scores{};  ///< of the metric that selects, after each epoch so far
};

/// How the learning rate changes in the course of a training.
///
/// | Expression                    | Returns     | Semantics                                                  |
/// |-------------------------------|-------------|------------------------------------------------------------|
/// | `schedule(position)`          | double      | the learning rate, in parts of the highest                 |
/// | `schedule.momentum(position)` | double      | optional: of the optimizer, in the place of its own        |
/// | `S::needs_length`             | bool        | whether `position.steps` has a part in it: such a training |
/// |                               |             | cannot be made longer once it has begun                    |
/// | `S::name`                     | string view | the name in configuration files and on command lines       |
///
/// A pure function: what a resumed training needs of the past is in TrainingPosition. A schedule is default
/// constructible and may be Configurable.
template <class S>
concept Schedule = std::default_initializable<S> && std::copy_constructible<S> &&
                   requires(const S& schedule, const TrainingPosition& position) {
                     { schedule(position) } -> std::convertible_to<double>;
                     { S::needs_length } -> std::convertible_to<bool>;
                     { S::name } -> std::convertible_to<std::string_view>;
                   };

namespace schedule {

/// The momentum that a schedule sets, if it sets one.
template <Schedule S>
std::optional<double> momentum(const S& schedule, const TrainingPosition& position) {
  if constexpr (requires { schedule.momentum(position); }) {
    return schedule.momentum(position);
  } else {
    return std::nullopt;
  }
}

}  // namespace schedule

}  // namespace tagger
