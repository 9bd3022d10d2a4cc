#pragma once

#include <cmath>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <iterator>
#include <optional>
#include <string>
#include <utility>

#include <tagger/threshold/concept.hpp>
#include <tagger/threshold/cut.hpp>
#include <tagger/threshold/known_scores.hpp>
#include <tagger/threshold/validation_scores.hpp>

namespace tagger {

/// What a rule chooses of one label's scores.
struct ChosenCut {
  float threshold = 0;
  std::string note{};  ///< empty where there is nothing to say
};

/// How many pictures must have a label that its threshold is not called uncertain.
inline constexpr std::int64_t few_pictures = 10;

/// A threshold for each label, chosen by the same rule. A label of which no picture is known to have it, or none not to
/// have it, gets the threshold that the rule chooses for all labels together (as one, as micro averages see them);
/// where that is not known either, the fallback of the scores. Each time a note says so.
/// \param shrink  m: draws the threshold t of a label that n pictures have towards the t' of all labels together,
///                (n t + m t') / (n + m): the rarer the label the more. 0 leaves it as it is.
/// \param choose  called with KnownScores, sorted, of both yes and no; O(N log N) a label
template <class Choose>
  requires requires(const Choose& choose, const KnownScores& sorted) {
    { choose(sorted) } -> std::convertible_to<ChosenCut>;
  }
ThresholdChoice by_label(const ValidationScores& validation, double shrink, const Choose& choose) {
  struct Common {
    float threshold;
    const char* origin;
  };
  std::optional<Common> common_of_all;
  const auto common = [&] {
    if (!common_of_all) {
      KnownScores all = all_labels(validation);
      if (all.both()) {
        common_of_all = {choose(all.sort()).threshold, "the threshold is that of all labels together"};
      } else {
        common_of_all = {static_cast<float>(validation.fallback()), "the threshold is that of no choice"};
      }
    }
    return *common_of_all;
  };
  ThresholdChoice choice{.decision = {.threshold = validation.fallback()}};
  for_each_label(validation, [&](std::size_t label, KnownScores& known) {
    if (!known.both()) {
      const char* why = !known.no.empty()    ? "no picture has it: "
                        : !known.yes.empty() ? "every picture has it: "
                                             : "nothing is known of it: ";
      choice.decision.thresholds.push_back(common().threshold);
      choice.notes.push_back({label, std::string(why) + common().origin});
      return;
    }
    ChosenCut cut = choose(known.sort());
    const auto support = static_cast<double>(known.yes.size());
    if (shrink > 0) {
      cut.threshold = static_cast<float>(
          (support * static_cast<double>(cut.threshold) + shrink * static_cast<double>(common().threshold)) /
          (support + shrink));
    }
    choice.decision.thresholds.push_back(cut.threshold);
    if (std::ssize(known.yes) < few_pictures) {
      if (!cut.note.empty()) cut.note += "; ";
      cut.note += "only " + std::to_string(known.yes.size()) +
                  (known.yes.size() == 1 ? " picture has" : " pictures have") + " it";
      if (shrink > 0) {
        cut.note += ": " + std::to_string(std::lround(100 * shrink / (support + shrink))) + " % that of all labels";
      }
    }
    if (!cut.note.empty()) choice.notes.push_back({label, std::move(cut.note)});
  });
  return choice;
}

/// The field that every rule by label has.
inline constexpr const char* shrink_help =
    "pictures that all labels' common threshold counts for: rare labels are drawn to it";

}  // namespace tagger
