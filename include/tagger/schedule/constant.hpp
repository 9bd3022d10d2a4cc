#pragma once

#include <string_view>

#include <tagger/schedule/concept.hpp>

namespace tagger {

/// The same learning rate all the time. Models: Schedule.
struct Constant {
  static constexpr std::string_view name = "constant";
  static constexpr bool needs_length = false;

  double operator()(const TrainingPosition&) const { return 1; }
};

static_assert(Schedule<Constant>);

}  // namespace tagger
