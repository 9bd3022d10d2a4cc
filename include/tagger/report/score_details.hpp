#pragma once

#include <cstddef>
#include <map>
#include <span>
#include <utility>
#include <vector>

#include <tagger/report/co_occurrence.hpp>
#include <tagger/report/gallery.hpp>
#include <tagger/report/label_curves.hpp>
#include <tagger/report/mistakes.hpp>
#include <tagger/report/picture_scores.hpp>

namespace tagger {

/// What a page shows of the scores behind an evaluation: it is small, however many pictures there are.
struct ScoreDetails {
  /// One of `mistakes`, for one label.
  struct MistakenPicture {
    std::size_t picture = 0;  ///< index into `mistakes`
    double score = 0;
    bool annotated = false;  ///< yes, but not predicted; else no, but predicted
  };
  struct OfLabel {
    LabelCurves curves;
    std::vector<MistakenPicture> mistakes;
  };

  std::vector<OfLabel> labels;        ///< (K), as in the evaluation
  std::vector<GalleryItem> mistakes;  ///< the pictures that are most confidently wrong, each once
  CoOccurrence co_occurrence;
};

struct ScoreDetailsOptions {
  std::size_t mistakes_per_label = 2;     ///< of each kind; see confident_mistakes()
  std::size_t most_pictures = 160;        ///< in `mistakes`
  std::size_t picture_bytes = 1'600'000;  ///< of all thumbnails in `mistakes` together
};

/// \throws DataError when the parts of `set` do not fit each other
inline ScoreDetails score_details(const PictureScores& set, const Thumbnails& thumbnail,
                                  const ScoreDetailsOptions& options = {}) {
  check_shapes(set);
  ScoreDetails details;
  details.co_occurrence = co_occurrence(set);
  for (Eigen::Index k = 0; k < set.scores.cols(); ++k) details.labels.push_back({label_curves(set, k), {}});

  std::map<std::size_t, std::size_t> shown;  // row of a picture -> index into details.mistakes
  std::size_t bytes = 0;
  for (const auto& mistake : confident_mistakes(set, options.mistakes_per_label)) {
    auto found = shown.find(mistake.picture);
    if (found == shown.end()) {
      if (details.mistakes.size() == options.most_pictures) continue;
      auto picture = thumbnail(mistake.picture);
      if (picture.empty() || bytes + picture.size() > options.picture_bytes) continue;
      bytes += picture.size();
      found = shown.emplace(mistake.picture, details.mistakes.size()).first;
      details.mistakes.push_back(gallery_item(set, mistake.picture, std::move(picture)));
    }
    details.mistakes[found->second].about.push_back(set.labels[mistake.label]);
    details.labels[mistake.label].mistakes.push_back({found->second, mistake.score, mistake.annotated});
  }
  return details;
}

}  // namespace tagger
