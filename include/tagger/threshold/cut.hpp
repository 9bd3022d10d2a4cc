#pragma once

#include <algorithm>
#include <cmath>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <limits>

#include <tagger/threshold/known_scores.hpp>

namespace tagger {

/// A place to part the pictures of a label, best first: those above the threshold are predicted.
struct Cut {
  std::int64_t yes = 0;  ///< predicted, and the target is yes
  std::int64_t no = 0;   ///< predicted, and the target is no
  float threshold = 0;

  std::int64_t predicted() const { return yes + no; }
};

/// Halfway between two scores, `below` < `above`, such that as float32 the one is above it and the other is not.
inline float halfway(float above, float below) {
  const auto middle = static_cast<float>((static_cast<double>(above) + static_cast<double>(below)) / 2);
  return middle < above ? middle : below;  // neighbours have no float between them
}

/// Below `score` by as little as there is: where there is no lower score to be halfway to.
inline float just_below(float score) { return std::nextafter(score, -std::numeric_limits<float>::infinity()); }

/// Calls `visit` for every cut that tells apart two scores, from the one that predicts nothing (at the highest score)
/// to the one that predicts everything (just below the lowest). Equal scores fall together.
/// \param sorted  at least one score; see KnownScores::sort()
template <std::invocable<const Cut&> Visit>
void for_each_cut(const KnownScores& sorted, Visit visit) {
  std::size_t yes = 0, no = 0;
  const auto left = [&] { return yes < sorted.yes.size() || no < sorted.no.size(); };
  const auto next = [&] {
    if (yes == sorted.yes.size()) return sorted.no[no];
    if (no == sorted.no.size()) return sorted.yes[yes];
    return std::max(sorted.yes[yes], sorted.no[no]);
  };
  visit(Cut{.threshold = next()});
  while (left()) {
    const float score = next();
    while (yes < sorted.yes.size() && sorted.yes[yes] == score) ++yes;
    while (no < sorted.no.size() && sorted.no[no] == score) ++no;
    visit(Cut{.yes = static_cast<std::int64_t>(yes),
              .no = static_cast<std::int64_t>(no),
              .threshold = left() ? halfway(score, next()) : just_below(score)});
  }
}

/// The cut of the highest `value`; of equals the one that predicts least.
template <class Value>
  requires std::invocable<Value, const Cut&>
Cut best_cut(const KnownScores& sorted, Value value) {
  Cut best;
  double highest = -std::numeric_limits<double>::infinity();
  for_each_cut(sorted, [&](const Cut& cut) {
    const double here = value(cut);
    if (!(here > highest)) return;
    highest = here;
    best = cut;
  });
  return best;
}

/// F-beta, (1 + beta^2) P R / (beta^2 P + R), of a cut of a label that `support` pictures have; 0 without a hit.
/// van Rijsbergen, "Information Retrieval", 1979.
inline double f_beta(const Cut& cut, std::int64_t support, double beta) {
  if (cut.yes == 0) return 0;
  const double weight = beta * beta;
  return (1 + weight) * static_cast<double>(cut.yes) /
         (weight * static_cast<double>(support) + static_cast<double>(cut.predicted()));
}

}  // namespace tagger
