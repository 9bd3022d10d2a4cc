#pragma once

#include <string_view>

#include <tagger/threshold/concept.hpp>

namespace tagger {

/// The same threshold for all labels, whatever the scores. Models: Threshold.
struct FixedThreshold {
  static constexpr std::string_view name = "fixed";
  static constexpr bool constant = true;

  double value = 0.5;

  template <class Self>
  static void fields(Self& self, auto&& field) {
    field("value", self.value, "a label is predicted where its score is above");
  }

  ThresholdChoice operator()(const ValidationScores&) const { return {.decision = {.threshold = value}}; }
};

static_assert(Threshold<FixedThreshold>);

}  // namespace tagger
