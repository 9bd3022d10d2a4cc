#pragma once

#include <cstdlib>
#include <iterator>
#include <string_view>

#include <tagger/configurable.hpp>
#include <tagger/threshold/by_label.hpp>
#include <tagger/threshold/concept.hpp>
#include <tagger/threshold/cut.hpp>

namespace tagger {

/// For each label the threshold where precision equals recall, which is where as many pictures are predicted as have
/// it; where equal scores do not let it be, the nearest number of pictures, of equals the smaller. The break-even point
/// of Joachims, "Text categorization with support vector machines", ECML 1998. Models: Threshold.
struct BreakEven {
  static constexpr std::string_view name = "break_even";

  double shrink = 0;

  template <class Self>
  static void fields(Self& self, auto&& field) {
    field("shrink", self.shrink, shrink_help, at_least(0));
  }

  ThresholdChoice operator()(const ValidationScores& validation) const {
    return by_label(validation, shrink, [](const KnownScores& sorted) {
      const auto value = [&](const Cut& cut) {
        return -static_cast<double>(std::abs(cut.predicted() - std::ssize(sorted.yes)));
      };
      return ChosenCut{best_cut(sorted, value).threshold};
    });
  }
};

static_assert(Threshold<BreakEven>);

}  // namespace tagger
