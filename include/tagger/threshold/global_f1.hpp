#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <iterator>
#include <optional>
#include <string_view>
#include <vector>

#include <tagger/configurable.hpp>
#include <tagger/data/label.hpp>
#include <tagger/threshold/concept.hpp>
#include <tagger/threshold/cut.hpp>
#include <tagger/threshold/known_scores.hpp>

namespace tagger {

/// The average that a threshold for all labels makes as high as possible.
enum class GlobalAverage { micro, macro };

template <>
inline constexpr std::array<std::string_view, 2> enum_names<GlobalAverage>{"micro", "macro"};

/// One threshold for all labels, that of the highest micro or macro F-beta; of equals the highest. It has one number to
/// learn, so that few pictures are enough. Labels without a known yes count as 0 in macro F-beta, wherever the
/// threshold is. Without any known yes, or no, it is the fallback. O(N K log(N K)). Models: Threshold.
struct GlobalF1 {
  static constexpr std::string_view name = "global_f1";

  GlobalAverage average = GlobalAverage::micro;
  double beta = 1;

  template <class Self>
  static void fields(Self& self, auto&& field) {
    field("average", self.average, "micro: everything counts alike; macro: every label does");
    field("beta", self.beta, "how many times as much as precision recall weighs", above(0));
  }

  ThresholdChoice operator()(const ValidationScores& validation) const {
    KnownScores all = all_labels(validation);
    if (!all.both()) {
      return {.decision = {.threshold = validation.fallback()},
              .notes = {{std::nullopt, "there is not both a yes and a no: the threshold is that of no choice"}}};
    }
    if (average == GlobalAverage::macro) return {.decision = {.threshold = best_macro(validation)}};
    const auto support = std::ssize(all.yes);
    return {.decision = {.threshold = best_cut(all.sort(), [&](const Cut& cut) {
                                        return f_beta(cut, support, beta);
                                      }).threshold}};
  }

 private:
  struct Entry {
    float score;
    std::int32_t label;
    bool yes;
  };

  float best_macro(const ValidationScores& validation) const {
    std::vector<Entry> entries;
    std::vector<std::int64_t> support(static_cast<std::size_t>(validation.labels()));
    for (Eigen::Index row = 0; row < validation.pictures(); ++row) {
      for (Eigen::Index label = 0; label < validation.labels(); ++label) {
        const std::int8_t target = validation.targets()(row, label);
        if (target == static_cast<std::int8_t>(Label::unknown)) continue;
        const bool yes = target == static_cast<std::int8_t>(Label::yes);
        entries.push_back({validation.scores()(row, label), static_cast<std::int32_t>(label), yes});
        support[static_cast<std::size_t>(label)] += yes ? 1 : 0;
      }
    }
    std::ranges::sort(entries, std::greater{}, &Entry::score);
    std::vector<Cut> cuts(support.size());
    float threshold = entries.front().score;
    double sum = 0, highest = 0;
    for (std::size_t i = 0; i < entries.size(); ++i) {
      const auto& [score, label, yes] = entries[i];
      const auto k = static_cast<std::size_t>(label);
      sum -= f_beta(cuts[k], support[k], beta);
      ++(yes ? cuts[k].yes : cuts[k].no);
      sum += f_beta(cuts[k], support[k], beta);
      const bool last = i + 1 == entries.size();
      if ((!last && entries[i + 1].score == score) || !(sum > highest)) continue;
      highest = sum;
      threshold = last ? just_below(score) : halfway(score, entries[i + 1].score);
    }
    return threshold;
  }
};

static_assert(Threshold<GlobalF1>);

}  // namespace tagger
