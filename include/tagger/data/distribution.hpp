#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <numeric>
#include <span>
#include <string>
#include <vector>

#include <tagger/data/annotations.hpp>
#include <tagger/data/sample.hpp>

namespace tagger {

/// A label and the number of pictures that have it.
struct LabelCount {
  std::string name;
  std::int64_t count = 0;

  bool operator==(const LabelCount&) const = default;
};

/// How many of the `samples` have each of `labels`, the most frequent first; equally frequent ones in their order in
/// `labels`.
inline std::vector<LabelCount> label_distribution(std::span<const std::string> labels,
                                                  std::span<const Sample> samples) {
  std::vector<std::int64_t> counts(labels.size());
  for (const Sample& sample : samples) {
    for (const std::int32_t label : sample.yes) ++counts[static_cast<std::size_t>(label)];
  }
  std::vector<std::size_t> order(labels.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::sort(order.begin(), order.end(),
            [&](std::size_t a, std::size_t b) { return counts[a] != counts[b] ? counts[a] > counts[b] : a < b; });
  std::vector<LabelCount> distribution;
  distribution.reserve(labels.size());
  for (const std::size_t label : order) distribution.push_back({labels[label], counts[label]});
  return distribution;
}

/// How many labels a picture has on average; 0 without pictures.
inline double labels_per_picture(const Annotations& annotations) {
  std::size_t labels = 0;
  for (const Sample& sample : annotations.samples()) labels += sample.yes.size();
  return annotations.size() == 0 ? 0 : static_cast<double>(labels) / static_cast<double>(annotations.size());
}

inline std::vector<LabelCount> label_distribution(const Annotations& annotations) {
  return label_distribution(annotations.labels(), annotations.samples());
}

}  // namespace tagger
