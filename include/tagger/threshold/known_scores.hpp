#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <vector>

#include <tagger/data/label.hpp>
#include <tagger/threshold/validation_scores.hpp>

namespace tagger {

/// The scores of a label's pictures (or of all labels together) whose target is known.
struct KnownScores {
  std::vector<float> yes, no;

  /// Whether it can be told from them where yes ends and no begins.
  bool both() const { return !yes.empty() && !no.empty(); }

  void add(std::int8_t target, float score) {
    if (target == static_cast<std::int8_t>(Label::yes)) yes.push_back(score);
    if (target == static_cast<std::int8_t>(Label::no)) no.push_back(score);
  }

  /// The best first.
  KnownScores& sort() {
    std::ranges::sort(yes, std::greater{});
    std::ranges::sort(no, std::greater{});
    return *this;
  }
};

/// Calls `visit(label, known)` for every label in order; `known` is the visitor's to change. Labels are gathered some
/// at a time, as a row of scores lies together in memory and a column does not.
template <std::invocable<std::size_t, KnownScores&> Visit>
void for_each_label(const ValidationScores& validation, Visit visit) {
  constexpr Eigen::Index together = 64;
  for (Eigen::Index begin = 0; begin < validation.labels(); begin += together) {
    std::vector<KnownScores> known(static_cast<std::size_t>(std::min(together, validation.labels() - begin)));
    for (Eigen::Index row = 0; row < validation.pictures(); ++row) {
      Eigen::Index label = begin;
      for (KnownScores& each : known) {
        each.add(validation.targets()(row, label), validation.scores()(row, label));
        ++label;
      }
    }
    auto label = static_cast<std::size_t>(begin);
    for (KnownScores& each : known) visit(label++, each);
  }
}

/// All labels as one, as micro averages see them. Four bytes a known entry.
inline KnownScores all_labels(const ValidationScores& validation) {
  KnownScores known;
  for (Eigen::Index i = 0; i < validation.scores().size(); ++i) {
    known.add(validation.targets().data()[i], validation.scores().data()[i]);
  }
  return known;
}

}  // namespace tagger
