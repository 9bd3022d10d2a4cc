#pragma once

#include <optional>
#include <string_view>

#include <tagger/configurable.hpp>
#include <tagger/threshold/by_label.hpp>
#include <tagger/threshold/concept.hpp>
#include <tagger/threshold/cut.hpp>

namespace tagger {

/// For each label the highest threshold at which its recall is high enough: the least that must be predicted to find so
/// many of its pictures. Recall is that on the set it is chosen on; for a promise see ConformalRecall.
/// Models: Threshold.
struct RecallAtLeast {
  static constexpr std::string_view name = "recall";

  double at_least = 0.9;
  double shrink = 0;

  template <class Self>
  static void fields(Self& self, auto&& field) {
    field("at_least", self.at_least, "the share of the label's pictures that are predicted", between(0, 1));
    field("shrink", self.shrink, shrink_help, tagger::at_least(0));
  }

  ThresholdChoice operator()(const ValidationScores& validation) const {
    return by_label(validation, shrink, [this](const KnownScores& sorted) {
      std::optional<Cut> highest;
      for_each_cut(sorted, [&](const Cut& cut) {
        const double recall = static_cast<double>(cut.yes) / static_cast<double>(sorted.yes.size());
        if (!highest && recall >= at_least) highest = cut;
      });
      return ChosenCut{highest->threshold};  // the last cut predicts everything: its recall is 1
    });
  }
};

static_assert(Threshold<RecallAtLeast>);

}  // namespace tagger
