#pragma once

#include <cstdint>
#include <vector>

#include <tagger/loader/broken_picture.hpp>
#include <tagger/metrics/evaluation.hpp>
#include <tagger/report/history.hpp>

namespace tagger {

/// How a training has gone.
struct FitResult {
  History history;
  Evaluation evaluation;              ///< of the test set, the last one made
  double best = -1;                   ///< of the metric that selects; of a loss its negative
  std::int64_t best_epoch = 0;        ///< from 1; 0 where no epoch was completed
  std::vector<BrokenPicture> broken;  ///< each picture that could not be read, once
  bool stopped = false;               ///< `stop` ended it before its end
};

}  // namespace tagger
