#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <string>
#include <utility>
#include <vector>

#include <tagger/data/distribution.hpp>
#include <tagger/data/score_kind.hpp>
#include <tagger/image/thumbnail.hpp>
#include <tagger/loader/dataset.hpp>
#include <tagger/predict/scored_dataset.hpp>
#include <tagger/report/page.hpp>

namespace tagger {

/// Label distribution of two sets, most frequent in the first one first.
inline std::vector<LabelShare> label_shares(const Annotations& train, const Annotations& test) {
  std::vector<LabelShare> shares;
  const auto tests = label_distribution(test);
  for (const auto& [name, count] : label_distribution(train)) {
    const auto same =
        std::find_if(tests.begin(), tests.end(), [&name = name](const auto& each) { return each.name == name; });
    shares.push_back({.name = name, .train = count, .test = same == tests.end() ? 0 : same->count});
  }
  return shares;
}

/// Up to `count` annotated pictures with their labels, spread evenly over the dataset. What cannot be read is left out.
inline std::vector<SamplePicture> sample_pictures(const Dataset& dataset, std::int64_t count, int side = 160) {
  std::vector<SamplePicture> samples;
  const std::int64_t shown = std::min(count, dataset.size());
  for (std::int64_t i = 0; i < shown; ++i) {
    const std::int64_t index = i * dataset.size() / shown;
    const Sample& sample = dataset.annotations.samples()[static_cast<std::size_t>(index)];
    SamplePicture picture{.name = sample.image_name, .picture = {}, .labels = {}};
    for (const auto label : sample.yes) {
      picture.labels.push_back(dataset.annotations.labels()[static_cast<std::size_t>(label)]);
    }
    try {
      picture.picture = thumbnail(dataset.path(index), side, dataset.decode);
    } catch (const Error&) {
      continue;
    }
    samples.push_back(std::move(picture));
  }
  return samples;
}

/// What a page about scored pictures needs to know of them.
/// \param predictions  (N, K), of decide()
inline PictureScores picture_scores(const Dataset& dataset, const ScoredDataset& scored, LabelMatrix predictions,
                                    ScoreKind kind) {
  PictureScores set{.labels = dataset.annotations.labels(),
                    .images = {},
                    .targets = scored.targets,
                    .scores = scored.scores,
                    .predictions = std::move(predictions),
                    .probabilities = kind == ScoreKind::probability};
  for (const auto index : scored.indices) {
    set.images.push_back(dataset.annotations.samples()[static_cast<std::size_t>(index)].image_name);
  }
  return set;
}

}  // namespace tagger
