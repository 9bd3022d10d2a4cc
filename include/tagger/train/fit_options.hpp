#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include <tagger/error.hpp>
#include <tagger/loader/batch.hpp>
#include <tagger/metrics/evaluation.hpp>
#include <tagger/model/arithmetic.hpp>
#include <tagger/report/history.hpp>
#include <tagger/train/adam.hpp>

namespace tagger {

/// How to train. The defaults are the published NUS-WIDE recipe's.
struct FitOptions {
  std::int64_t epochs = 35;
  std::int64_t batch_size = 32;
  int workers = 2;  ///< threads that decode; what comes out does not depend on it
  AdamOptions adam{.learning_rate = 1e-4};
  std::uint64_t seed = 2020;          ///< of order, augmentation and dropout
  std::int64_t evaluate_every = 200;  ///< steps between evaluations of the test set within an epoch; 0: never
  std::optional<double> threshold{};  ///< a label is predicted where its score is above; empty: see threshold_for()
  Arithmetic arithmetic = Arithmetic::float32;
  std::string select_by{};              ///< the metric that decides which epoch is best; empty: macro/f1 or the last
  std::filesystem::path checkpoints{};  ///< folder; empty: keep none
  int keep_checkpoints = 2;             ///< of the latest; the best one is kept besides
  bool resume = false;                  ///< go on from the latest checkpoint, if there is one
  bool fail_on_broken = false;          ///< throw at the first picture that cannot be read
  std::function<bool()> stop{};         ///< asked after every batch; true ends the training with a checkpoint
  std::function<void(const Evaluation&)> on_best{};  ///< called when the model as it stands is the best so far
};

/// \throws OptionError for values that no training of `pictures` pictures can have
inline void check_fit_options(const FitOptions& options, std::int64_t pictures) {
  if (options.epochs < 0) throw OptionError("the number of epochs must not be negative");
  if (options.evaluate_every < 0) throw OptionError("the steps between evaluations must not be negative");
  if (options.epochs > 0 && options.batch_size > pictures) {
    throw OptionError("the batch size " + std::to_string(options.batch_size) + " exceeds the " +
                      std::to_string(pictures) + " training pictures, and a short batch is dropped");
  }
}

struct FitResult {
  History history;
  Evaluation evaluation;              ///< of the test set, the last one made
  double best = -1;                   ///< of the metric that selects
  std::int64_t best_epoch = 0;        ///< from 1; 0 where no epoch was completed
  std::vector<BrokenPicture> broken;  ///< each picture that could not be read, once
  bool stopped = false;               ///< `stop` ended it before the last epoch did
};

}  // namespace tagger
