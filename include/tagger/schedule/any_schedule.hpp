#pragma once

#include <concepts>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <tuple>
#include <utility>

#include <tagger/configurable.hpp>
#include <tagger/named_policy.hpp>
#include <tagger/schedule/constant.hpp>
#include <tagger/schedule/cosine.hpp>
#include <tagger/schedule/one_cycle.hpp>
#include <tagger/schedule/plateau.hpp>
#include <tagger/schedule/step_decay.hpp>
#include <tagger/schedule/warmup_stable_decay.hpp>

namespace tagger {

/// The schedules that can be chosen by name at run time.
using Schedules = std::tuple<Constant, Cosine, OneCycle, WarmupStableDecay, StepDecay, Plateau>;

/// A schedule chosen at run time: any model of Schedule, or one of a list by its name.
class AnySchedule {
 public:
  template <class S>
    requires(!std::same_as<S, AnySchedule>) && Schedule<S>
  AnySchedule(S schedule)  // NOLINT: every schedule is an AnySchedule
      : chosen_(policy_text(S::name, schedule)),
        needs_length_(S::needs_length),
        rate_(schedule),
        momentum_([schedule](const TrainingPosition& position) { return schedule::momentum(schedule, position); }) {}

  /// \param text  NAME[:FIELD=VALUE]...  \throws OptionError, listing the valid names
  template <class List = Schedules>
  static AnySchedule named(std::string_view text) {
    return named_policy<List, AnySchedule>("schedule", text);
  }

  double operator()(const TrainingPosition& position) const { return rate_(position); }
  std::optional<double> momentum(const TrainingPosition& position) const { return momentum_(position); }
  bool needs_length() const { return needs_length_; }
  const std::string& chosen() const { return chosen_; }

 private:
  std::string chosen_;
  bool needs_length_;
  std::function<double(const TrainingPosition&)> rate_;
  std::function<std::optional<double>(const TrainingPosition&)> momentum_;
};

}  // namespace tagger
