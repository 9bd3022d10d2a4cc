#pragma once

#include <cstdint>
#include <iterator>
#include <string_view>

#include <tagger/configurable.hpp>
#include <tagger/threshold/by_label.hpp>
#include <tagger/threshold/concept.hpp>
#include <tagger/threshold/cut.hpp>

namespace tagger {

/// For each label the threshold of its highest F-beta; of equals the highest. It is what makes macro F1 as high as it
/// gets on the set that it is chosen on. Yang, "A study of thresholding strategies for text categorization", SIGIR 2001
/// (SCut). Lipton, Elkan and Naryanaswamy, "Optimal thresholding of classifiers to maximize F1 measure", ECML
/// 2014, say why it predicts too much of a label that the scores know little of: then `shrink`. Models: Threshold.
struct MaxF1 {
  static constexpr std::string_view name = "max_f1";

  double beta = 1;
  double shrink = 0;

  template <class Self>
  static void fields(Self& self, auto&& field) {
    field("beta", self.beta, "how many times as much as precision recall weighs", above(0));
    field("shrink", self.shrink, shrink_help, at_least(0));
  }

  ThresholdChoice operator()(const ValidationScores& validation) const {
    return by_label(validation, shrink, [this](const KnownScores& sorted) {
      const auto value = [&](const Cut& cut) { return f_beta(cut, std::ssize(sorted.yes), beta); };
      return ChosenCut{best_cut(sorted, value).threshold};
    });
  }
};

static_assert(Threshold<MaxF1>);

}  // namespace tagger
