#pragma once

#include <tagger/data/score_kind.hpp>
#include <tagger/metrics/evaluation.hpp>
#include <tagger/predict/scored_dataset.hpp>
#include <tagger/report/facts.hpp>
#include <tagger/run/run_lock.hpp>
#include <tagger/train/fit_result.hpp>

namespace tagger {

/// What is left when a run is done. Of one that was stopped, `fit` alone says something.
struct RunResult {
  FitResult fit;
  Evaluation evaluation{};                  ///< of the best epoch's weights on the test set
  ScoredDataset scored{};                   ///< that evaluation's scores
  ScoreKind kind = ScoreKind::probability;  ///< what these scores are
  Facts facts{};                            ///< what it was trained with
};

/// A run that is trained and not yet reported. No other process trains in its folder meanwhile.
struct FittedRun {
  RunResult result;
  RunLock lock;
};

}  // namespace tagger
