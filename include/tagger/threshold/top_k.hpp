#pragma once

#include <cstdint>
#include <string_view>

#include <tagger/configurable.hpp>
#include <tagger/threshold/concept.hpp>

namespace tagger {

/// The k labels of the highest scores, whatever the scores are: what "top 3" means in tables of published scores.
/// Models: Threshold.
struct TopK {
  static constexpr std::string_view name = "top_k";
  static constexpr bool constant = true;

  std::int64_t k = 3;

  template <class Self>
  static void fields(Self& self, auto&& field) {
    field("k", self.k, "labels a picture", at_least(1));
  }

  ThresholdChoice operator()(const ValidationScores&) const {
    return {.decision = {.threshold = no_threshold, .top_k = k}};
  }
};

static_assert(Threshold<TopK>);

}  // namespace tagger
