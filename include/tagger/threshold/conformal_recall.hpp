#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <tagger/configurable.hpp>
#include <tagger/data/label.hpp>
#include <tagger/threshold/concept.hpp>
#include <tagger/threshold/cut.hpp>

namespace tagger {

/// One threshold for all labels with a promise: of a picture like those that it is chosen on, the share of labels that
/// are missed (the false negative rate) is at most `alpha` on average, however good or bad the scores are.
/// Angelopoulos, Bates, Fisch, Lei and Schuster, "Conformal risk control", 2022, arXiv:2208.02814, equation 4 with B =
/// 1:
///
///     t = sup { t : n / (n + 1) R(t) + 1 / (n + 1) <= alpha },  R(t) = the mean over n pictures of the share missed at
///     t
///
/// Pictures without a known yes can miss nothing and have no part in n: the promise is for pictures that have a label.
/// As the comparison is strict, the threshold lies just below the score that must pass. Where n < 1 / alpha - 1 no
/// threshold keeps the promise but the one that predicts everything, which is taken. Models: Threshold.
struct ConformalRecall {
  static constexpr std::string_view name = "conformal";

  double alpha = 0.1;

  template <class Self>
  static void fields(Self& self, auto&& field) {
    field("alpha", self.alpha, "the share of a picture's labels that may be missed, on average", between(0, 1));
  }

  ThresholdChoice operator()(const ValidationScores& validation) const {
    std::vector<std::vector<float>> pictures;  // the scores of what each has
    std::vector<float> candidates;
    for (Eigen::Index row = 0; row < validation.pictures(); ++row) {
      std::vector<float> scores;
      for (Eigen::Index label = 0; label < validation.labels(); ++label) {
        if (validation.targets()(row, label) != static_cast<std::int8_t>(Label::yes)) continue;
        scores.push_back(validation.scores()(row, label));
      }
      candidates.insert(candidates.end(), scores.begin(), scores.end());
      if (!scores.empty()) pictures.push_back(std::move(scores));
    }
    std::ranges::sort(candidates, std::greater{});
    const auto allowed = [&](float score) {
      double missed = 0;
      for (const auto& scores : pictures) {
        const auto count = std::ranges::count_if(scores, [score](float each) { return each < score; });
        missed += static_cast<double>(count) / static_cast<double>(scores.size());
      }
      return (missed + 1) / static_cast<double>(pictures.size() + 1) <= alpha;
    };
    // The lower the threshold the less is missed: all candidates after the first that is allowed are allowed, too.
    const auto found = std::ranges::partition_point(candidates, [&](float score) { return !allowed(score); });
    if (found != candidates.end()) return {.decision = {.threshold = just_below(*found)}};
    return {.decision = {.threshold = no_threshold},
            .notes = {{std::nullopt, std::to_string(pictures.size()) + " pictures with a label are too few for alpha=" +
                                         detail::number_text(alpha) + ": everything is predicted"}}};
  }
};

static_assert(Threshold<ConformalRecall>);

}  // namespace tagger
