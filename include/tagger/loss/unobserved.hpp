#pragma once

#include <algorithm>

#include <tagger/data/annotations.hpp>
#include <tagger/loss/targets.hpp>

namespace tagger {

/// Which labels nobody has looked for, for losses that say what to make of them. Where the training set calls labels
/// unknown, it is these. Where it does not, it is a list of what was seen, and all labels of a picture but its own are
/// unobserved.
struct Unobserved {
  bool only_unknown = false;

  void begin_training(const Annotations& train) {
    only_unknown = std::ranges::any_of(
        train.samples(), [](const Sample& sample) { return sample.rest == Label::unknown || !sample.unknown.empty(); });
  }

  /// (N, K), bool
  at::Tensor operator()(const Targets& targets) const {
    if (!only_unknown) return targets.values.eq(0);
    return targets.known.defined() ? targets.known.eq(0) : targets.values.lt(0);  // no value is
  }
};

}  // namespace tagger
