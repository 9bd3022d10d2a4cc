#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

#include <tagger/data/label.hpp>
#include <tagger/report/picture_scores.hpp>

namespace tagger {

/// A label of a picture for which annotation and prediction contradict each other.
struct Mistake {
  std::size_t picture = 0;
  std::size_t label = 0;
  float score = 0;
  bool annotated = false;  ///< yes, but not predicted; else no, but predicted

  bool operator==(const Mistake&) const = default;
};

/// For each label the `per_label` pictures that are predicted with the highest scores though annotated no, and as many
/// that are annotated yes though scored lowest and not predicted. These are where annotations are most likely wrong:
/// Northcutt, Jiang, Chuang, "Confident Learning: Estimating Uncertainty in Dataset Labels", JAIR 2021, rank pictures
/// by the score of the given label ("self-confidence").
///
/// First the worst of every label, then the second worst, and so on, so that whoever shows but the first few shows some
/// of each label; among these the two kinds alternate, the most confident first. Unknown targets and scores that are
/// not finite are left out.
inline std::vector<Mistake> confident_mistakes(const PictureScores& set, std::size_t per_label) {
  const auto more_confident = [](const Mistake& a, const Mistake& b) {
    if (a.score != b.score) return a.annotated ? a.score < b.score : a.score > b.score;
    return std::pair(a.picture, a.label) < std::pair(b.picture, b.label);
  };
  std::vector<std::vector<Mistake>> missed(per_label), wrong(per_label);  // by rank within their label
  for (Eigen::Index k = 0; k < set.scores.cols(); ++k) {
    std::vector<Mistake> of_label[2];
    for (Eigen::Index i = 0; i < set.scores.rows(); ++i) {
      const auto target = static_cast<Label>(set.targets(i, k));
      const bool annotated = target == Label::yes;
      const bool predicted = set.predictions(i, k) == 1;
      if (target == Label::unknown || annotated == predicted || !std::isfinite(set.scores(i, k))) continue;
      of_label[annotated].push_back(
          {static_cast<std::size_t>(i), static_cast<std::size_t>(k), set.scores(i, k), annotated});
    }
    for (auto* ranks : {&wrong, &missed}) {
      auto& all = of_label[ranks == &missed];
      const std::size_t kept = std::min(per_label, all.size());
      std::partial_sort(all.begin(), all.begin() + static_cast<std::ptrdiff_t>(kept), all.end(), more_confident);
      for (std::size_t rank = 0; rank < kept; ++rank) (*ranks)[rank].push_back(all[rank]);
    }
  }
  std::vector<Mistake> result;
  for (std::size_t rank = 0; rank < per_label; ++rank) {
    for (auto* kind : {&wrong[rank], &missed[rank]}) std::sort(kind->begin(), kind->end(), more_confident);
    for (std::size_t i = 0; i < std::max(wrong[rank].size(), missed[rank].size()); ++i) {
      if (i < wrong[rank].size()) result.push_back(wrong[rank][i]);
      if (i < missed[rank].size()) result.push_back(missed[rank][i]);
    }
  }
  return result;
}

}  // namespace tagger
