#pragma once

#include <optional>
#include <string_view>

#include <tagger/configurable.hpp>
#include <tagger/threshold/by_label.hpp>
#include <tagger/threshold/concept.hpp>
#include <tagger/threshold/cut.hpp>

namespace tagger {

/// For each label the lowest threshold at which its precision is high enough: the most that can be predicted without
/// being wrong more often. Precision is that on the set it is chosen on; on others expect less of it. A label that
/// reaches it nowhere is not predicted: its threshold is its highest score, and a note says so. Models: Threshold.
struct PrecisionAtLeast {
  static constexpr std::string_view name = "precision";

  double at_least = 0.9;
  double shrink = 0;

  template <class Self>
  static void fields(Self& self, auto&& field) {
    field("at_least", self.at_least, "the share of the predicted pictures that have the label", between(0, 1));
    field("shrink", self.shrink, shrink_help, tagger::at_least(0));
  }

  ThresholdChoice operator()(const ValidationScores& validation) const {
    return by_label(validation, shrink, [this](const KnownScores& sorted) -> ChosenCut {
      std::optional<Cut> lowest, highest;
      for_each_cut(sorted, [&](const Cut& cut) {
        if (!highest) highest = cut;
        if (cut.predicted() == 0) return;
        if (static_cast<double>(cut.yes) / static_cast<double>(cut.predicted()) >= at_least) lowest = cut;
      });
      if (lowest) return {lowest->threshold};
      return {highest->threshold, "no threshold reaches the precision: it is not predicted"};
    });
  }
};

static_assert(Threshold<PrecisionAtLeast>);

}  // namespace tagger
