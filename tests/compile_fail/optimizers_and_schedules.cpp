// tier: torch
// error: O::memory
// error: optimizer\.step\(groups, size\)
// error: S::needs_length
// error: schedule\(position\)
// An optimizer that does not say what it remembers; one that cannot step when it is const; a schedule that does not say
// whether it needs a training's length; one of steps alone.
#include <array>
#include <cstdint>
#include <span>
#include <string_view>

#include <tagger/optimizer/concept.hpp>
#include <tagger/schedule/concept.hpp>

struct Forgetful {
  static constexpr std::string_view name = "forgetful";
#ifdef CORRECT
  static constexpr std::array<tagger::OptimizerMemory, 0> memory{};
#endif
  void step(std::span<tagger::ParameterGroup>, const tagger::StepSize&) const {}
};
static_assert(tagger::Optimizer<Forgetful>);

struct Counting {
  static constexpr std::string_view name = "counting";
  static constexpr std::array<tagger::OptimizerMemory, 1> memory{{{"step", true}}};
#ifdef CORRECT
  void step(std::span<tagger::ParameterGroup> groups, const tagger::StepSize&) const {
    for (auto& group : groups) group.memory[0].clear();
  }
#else
  void step(std::span<tagger::ParameterGroup>, const tagger::StepSize&) { ++steps; }
  std::int64_t steps = 0;  // in memory, a checkpoint would hold it
#endif
};
static_assert(tagger::Optimizer<Counting>);

struct Endless {
  static constexpr std::string_view name = "endless";
#ifdef CORRECT
  static constexpr bool needs_length = false;
#endif
  double operator()(const tagger::TrainingPosition&) const { return 1; }
};
static_assert(tagger::Schedule<Endless>);

struct OfSteps {
  static constexpr std::string_view name = "of_steps";
  static constexpr bool needs_length = false;
#ifdef CORRECT
  double operator()(const tagger::TrainingPosition& position) const { return 1 / (1 + double(position.step)); }
#else
  double operator()(std::int64_t step) const { return 1 / (1 + double(step)); }
#endif
};
static_assert(tagger::Schedule<OfSteps>);
