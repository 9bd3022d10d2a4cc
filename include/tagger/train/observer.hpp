#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include <tagger/data/label.hpp>
#include <tagger/metrics/evaluation.hpp>

namespace tagger {

/// An epoch begins, or goes on in its midst when a training is resumed.
struct EpochBeginEvent {
  std::int64_t epoch = 0;   ///< from 1
  std::int64_t epochs = 0;  ///< how many there will be
  std::int64_t steps_done = 0;
  std::int64_t steps_per_epoch = 0;
  std::int64_t batch_size = 0;
};

/// A training step is done.
struct StepEvent {
  std::int64_t epoch = 0;   ///< the epoch it belongs to, from 1
  std::int64_t epochs = 0;  ///< how many there will be
  std::int64_t step = 0;    ///< from 1, over all epochs
  std::int64_t step_in_epoch = 0;
  std::int64_t steps_per_epoch = 0;
  std::int64_t images = 0;  ///< in this batch
  double loss = 0;
  double learning_rate = 0;
  const Evaluation& evaluation;  ///< of this batch, before the step
};

/// The test set is about to be, is being or has been scored.
struct TestProgressEvent {
  std::int64_t done = 0;  ///< pictures
  std::int64_t total = 0;
};

/// The test set has been evaluated.
struct TestEvent {
  std::int64_t epoch = 0;  ///< the one under way or just over, from 1; 0 before the first step
  std::int64_t step = 0;
  const Evaluation& evaluation;
  const LabelMatrix* targets = nullptr;  ///< (N, K), what was evaluated; null: not at hand
  const ScoreMatrix* scores = nullptr;   ///< (N, K)
  bool probabilities = true;             ///< whether scores lie in [0, 1]
};

/// An epoch is over.
struct EpochEvent {
  std::int64_t epoch = 0;
  std::int64_t epochs = 0;
  std::int64_t step = 0;
  double mean_loss = 0;
};

/// Watches a training. Override what is of interest.
class Observer {
 public:
  virtual ~Observer() = default;
  virtual void on_epoch_begin(const EpochBeginEvent&) {}
  virtual void on_step(const StepEvent&) {}
  virtual void on_test_progress(const TestProgressEvent&) {}
  virtual void on_test(const TestEvent&) {}
  virtual void on_epoch(const EpochEvent&) {}
  /// Something to tell a person: a picture that cannot be read, a checkpoint that is passed over.
  virtual void on_message(std::string_view) {}

  /// Under which name a checkpoint keeps its state; without a name it has none.
  virtual std::string name() const { return {}; }
  /// What must be in a checkpoint for the observer to go on where it was; and the way back.
  virtual std::string state() { return {}; }
  virtual void restore(const std::string&) {}
};

}  // namespace tagger
