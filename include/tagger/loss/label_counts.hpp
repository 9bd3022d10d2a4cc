#pragma once

#include <cstdint>

#include <ATen/ops/full.h>
#include <ATen/ops/zeros.h>

#include <tagger/data/annotations.hpp>

namespace tagger {

/// How many pictures of a training set have each label, and of how many it is known whether they do: (K), float32.
struct LabelCounts {
  at::Tensor yes;
  at::Tensor known;
};

inline LabelCounts count_labels(const Annotations& train) {
  const std::int64_t labels = std::ssize(train.labels());
  LabelCounts counts{at::zeros(labels), at::full(labels, static_cast<double>(train.size()))};
  float* const yes = counts.yes.data_ptr<float>();
  float* const known = counts.known.data_ptr<float>();
  for (const Sample& sample : train.samples()) {
    for (const std::int32_t label : sample.yes) ++yes[label];
    for (const std::int32_t label : sample.unknown) --known[label];
  }
  return counts;
}

}  // namespace tagger
