#pragma once

#include <cstdint>
#include <vector>

#include <tagger/metrics/evaluation.hpp>

namespace tagger {

/// What a training run has gone through so far. It is part of a checkpoint, so that curves survive a restart.
struct History {
  struct Epoch {
    std::int64_t epoch = 0;  ///< counted from 1
    std::int64_t step = 0;   ///< steps taken when it ended
    double mean_loss = 0;
    bool operator==(const Epoch&) const = default;
  };
  struct Test {
    std::int64_t step = 0;  ///< steps taken when the test set was evaluated
    Evaluation evaluation;
    bool operator==(const Test&) const = default;
  };

  std::vector<double> step_loss;  ///< entry i: the batch loss of step i + 1
  std::vector<Epoch> epochs;
  std::vector<Test> tests;

  bool operator==(const History&) const = default;
};

}  // namespace tagger
