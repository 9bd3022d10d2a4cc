#pragma once

#include <iterator>
#include <string_view>

#include <tagger/configurable.hpp>
#include <tagger/threshold/by_label.hpp>
#include <tagger/threshold/concept.hpp>
#include <tagger/threshold/cut.hpp>

namespace tagger {

/// For each label the threshold at which mistakes cost least; of equals the highest. Of calibrated probabilities it
/// comes to c / (c + d), where c is the cost of a false positive and d that of a false negative: Elkan, "The
/// foundations of cost-sensitive learning", IJCAI 2001, equation 2. Models: Threshold.
struct MinCost {
  static constexpr std::string_view name = "cost";

  double false_positive = 1;
  double false_negative = 1;
  double shrink = 0;

  template <class Self>
  static void fields(Self& self, auto&& field) {
    field("false_positive", self.false_positive, "what it costs to predict a label that a picture has not",
          at_least(0));
    field("false_negative", self.false_negative, "what it costs not to predict one that it has", at_least(0));
    field("shrink", self.shrink, shrink_help, at_least(0));
  }

  ThresholdChoice operator()(const ValidationScores& validation) const {
    return by_label(validation, shrink, [this](const KnownScores& sorted) {
      const auto value = [&](const Cut& cut) {
        return -(false_positive * static_cast<double>(cut.no) +
                 false_negative * static_cast<double>(std::ssize(sorted.yes) - cut.yes));
      };
      return ChosenCut{best_cut(sorted, value).threshold};
    });
  }
};

static_assert(Threshold<MinCost>);

}  // namespace tagger
