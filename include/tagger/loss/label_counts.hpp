#pragma once

#include <cstddef>

#include <ATen/ops/zeros.h>

#include <tagger/data/annotations.hpp>
#include <tagger/data/label_tally.hpp>

namespace tagger {

/// How many pictures of a training set have each label, and of how many it is known whether they do: (K), float32.
struct LabelCounts {
  at::Tensor yes;
  at::Tensor known;
};

inline LabelCounts count_labels(const Annotations& train) {
  const LabelTally tally = label_tally(train);
  LabelCounts counts{at::zeros(std::ssize(tally.yes)), at::zeros(std::ssize(tally.yes))};
  for (std::size_t label = 0; label < tally.yes.size(); ++label) {
    counts.yes.data_ptr<float>()[label] = static_cast<float>(tally.yes[label]);
    counts.known.data_ptr<float>()[label] = static_cast<float>(tally.known(label));
  }
  return counts;
}

}  // namespace tagger
