#pragma once

#include <algorithm>
#include <cstdint>
#include <limits>
#include <string_view>

#include <tagger/configurable.hpp>
#include <tagger/schedule/concept.hpp>

namespace tagger {

/// Times `factor` whenever the metric that selects has not become better for more than `patience` epochs. It is better
/// when it exceeds the best so far by the share `threshold` of it. Equals torch's ReduceLROnPlateau of mode "max". A
/// function of all scores so far, which are in every checkpoint. Models: Schedule.
struct Plateau {
  static constexpr std::string_view name = "plateau";
  static constexpr bool needs_length = false;

  double factor = 0.1;
  std::int64_t patience = 10;
  double threshold = 1e-4;
  std::int64_t cooldown = 0;
  double least = 0;

  template <class Self>
  static void fields(Self& self, auto&& field) {
    field("factor", self.factor, "of each fall", between(0, 1));
    field("patience", self.patience, "epochs without a better score that are borne", at_least(0));
    field("threshold", self.threshold, "a better score exceeds the best by this share of it", at_least(0));
    field("cooldown", self.cooldown, "epochs after a fall that do not count", at_least(0));
    field("least", self.least, "below which it does not fall, in parts of the first", between(0, 1));
  }

  double operator()(const TrainingPosition& position) const {
    double rate = 1, best = -std::numeric_limits<double>::infinity();
    std::int64_t bad = 0, cooling = 0;
    for (const double score : position.scores) {
      const bool better = score > best * (1 + threshold);
      if (better) best = score;
      bad = better ? 0 : bad + 1;
      if (cooling > 0) {
        --cooling;
        bad = 0;
      }
      if (bad <= patience) continue;
      rate = std::max(rate * factor, least);
      cooling = cooldown;
      bad = 0;
    }
    return rate;
  }
};

static_assert(Schedule<Plateau>);

}  // namespace tagger
