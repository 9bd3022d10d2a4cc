#pragma once

#include <cstdint>
#include <iterator>
#include <optional>
#include <span>
#include <string>
#include <utility>

#include <ATen/core/grad_mode.h>

#include <tagger/data/distribution.hpp>
#include <tagger/error.hpp>
#include <tagger/loader/dataset.hpp>
#include <tagger/loader/loader.hpp>
#include <tagger/model/tagger.hpp>
#include <tagger/predict/score.hpp>
#include <tagger/train/fit_options.hpp>
#include <tagger/train/fit_result.hpp>
#include <tagger/train/observers.hpp>
#include <tagger/train/step_size.hpp>
#include <tagger/train/test_set.hpp>
#include <tagger/train/trainer.hpp>

namespace tagger {

namespace detail {

/// The course of a training: epochs, tests and checkpoints in their order.
template <AnyTaggerType Model>
class Fit {
 public:
  Fit(Model& model, const Dataset& train, const Dataset& test, const FitOptions& options,
      std::span<Observer* const> observers)
      : model_(checked(model, train, options)),
        train_(train),
        options_(options),
        observers_(observers),
        test_set_(model, test, options, observers_, labels_per_picture(train.annotations)),
        trainer_(model, train, test, options, observers_),
        steps_per_epoch_(batch_count(epoch_size(train, options), loader_options())) {}

  FitResult run() {
    trainer_.begin();
    bool stopped = state_.test_due && !test();
    while (!stopped && !is_over()) stopped = !run_epoch();
    if (result_.evaluation.metrics.empty() && !stopped) {
      if (state_.history.tests.empty()) {
        stopped = !test();
      } else if (auto tested = evaluate_test()) {  // a finished training is resumed: nothing is new
        result_.evaluation = std::move(tested->evaluation);
      } else {
        stopped = true;
      }
    }
    trainer_.end();
    result_.history = std::move(state_.history);
    result_.best = state_.best;
    result_.best_epoch = state_.best_epoch;
    result_.broken = trainer_.broken.all();
    result_.stopped = stopped;
    return std::move(result_);
  }

 private:
  static Model& checked(Model& model, const Dataset& train, const FitOptions& options) {
    check_labels(model, train);
    train.check_folder();
    check_fit_options(options, epoch_size(train, options));
    if (train.features && (options.mixing.mixup > 0 || options.mixing.cutmix > 0)) {
      throw OptionError("pictures whose features are kept cannot be mixed: choose one of the two");
    }
    return model;
  }

  /// Pictures of any one epoch.
  static std::int64_t epoch_size(const Dataset& train, const FitOptions& options) {
    return std::ssize(options.sampler(train.annotations, options.seed, 0));
  }

  LoaderOptions loader_options() const {
    return {.batch_size = options_.batch_size,
            .workers = options_.workers,
            .drop_last = true,
            .seed = options_.seed,
            .epoch = state_.epoch,
            .first_batch = state_.batch,
            .fail_on_broken = options_.fail_on_broken,
            .pinned = model_.parameters().front().is_cuda()};
  }

  bool stop_asked() const { return options_.stop && options_.stop(); }

  bool is_over() const { return state_.epoch >= options_.epochs || state_.has_stalled(options_.patience); }

  /// False when it was stopped.
  bool run_epoch() {
    observers_.tell(&Observer::on_epoch_begin, {.epoch = state_.epoch + 1,
                                                .epochs = options_.epochs,
                                                .steps_done = state_.batch,
                                                .steps_per_epoch = steps_per_epoch_,
                                                .batch_size = options_.batch_size});
    if (state_.batch == 0) trainer_.begin_epoch();
    Loader loader(train_, loader_options(),
                  options_.sampler(train_.annotations, options_.seed, static_cast<std::uint64_t>(state_.epoch)));
    while (auto batch = loader.next()) {
      trainer_.broken.add(batch->broken, observers_);
      ++state_.batch;
      if (batch->size() == 1 && options_.batch_size > 1) {
        observers_.message("one picture is left of a batch: it is left out, as batch normalisation needs two");
      } else if (batch->size() > 0) {
        step(*batch);
        const bool last = state_.batch == steps_per_epoch_;
        if (options_.evaluate_every > 0 && state_.step % options_.evaluate_every == 0 && !last && !test()) return false;
      }
      if (state_.batch < steps_per_epoch_ && stop_asked()) {
        trainer_.save();
        return false;
      }
    }
    return end_epoch() && (is_over() || !stop_asked());
  }

  void step(const Batch& batch) {
    // By batches, not by steps: one that cannot be read makes no schedule late.
    const StepSize size = scheduled_step(options_, {.step = state_.epoch * steps_per_epoch_ + state_.batch - 1,
                                                    .steps = options_.epochs * steps_per_epoch_,
                                                    .steps_per_epoch = steps_per_epoch_,
                                                    .scores = state_.scores});
    const StepResult result = trainer_.step(batch, size);
    const at::NoGradGuard no_gradient;
    ScoredDataset scored{.scores = as_matrix(model_.activation()(result.logits)),
                         .targets = batch.labels,
                         .indices = batch.indices,
                         .broken = {}};
    const Evaluation evaluation =
        evaluate(std::as_const(model_), scored, {.threshold = test_set_.threshold(scored.scores)});
    observers_.tell(&Observer::on_step, {.epoch = state_.epoch + 1,
                                         .epochs = options_.epochs,
                                         .step = state_.step,
                                         .step_in_epoch = state_.batch,
                                         .steps_per_epoch = steps_per_epoch_,
                                         .images = batch.size(),
                                         .loss = result.loss,
                                         .learning_rate = size.rate,
                                         .evaluation = evaluation});
  }

  /// False when it was stopped.
  bool end_epoch() {
    if (state_.epoch_losses.empty()) {
      throw DataError(
          train_.folder, "",
          "none of the training pictures could be read; the first: " + trainer_.broken.all().front().reason);
    }
    const double mean = state_.add_epoch();
    observers_.tell(&Observer::on_epoch,
                    {.epoch = state_.epoch, .epochs = options_.epochs, .step = state_.step, .mean_loss = mean});
    if (!test()) return false;
    if (state_.has_stalled(options_.patience)) {
      observers_.message("no better epoch than epoch " + std::to_string(state_.best_epoch) + " for " +
                         std::to_string(options_.patience) + ": training ends");
    }
    return true;
  }

  /// Of the weights that are saved; nothing when it was stopped.
  std::optional<TestResult> evaluate_test() {
    const auto averaged = trainer_.averaged();
    return test_set_.evaluate(trainer_.broken);
  }

  /// False when it was stopped: a checkpoint says then that the test is still due.
  bool test() {
    state_.test_due = true;
    auto tested = evaluate_test();
    if (!tested) {
      trainer_.save();
      return false;
    }
    state_.add_test(tested->evaluation);
    result_.evaluation = std::move(tested->evaluation);
    observers_.tell(&Observer::on_test, {.epoch = state_.epoch + (state_.batch > 0 ? 1 : 0),
                                         .step = state_.step,
                                         .evaluation = result_.evaluation,
                                         .targets = &tested->scored.targets,
                                         .scores = &tested->scored.scores,
                                         .probabilities = kind_of(model_.meaning()) == ScoreKind::probability});
    if (!state_.between_epochs()) return true;
    const bool best = state_.add_score(test_set_.selecting(result_.evaluation));
    trainer_.save();
    if (best) trainer_.publish_best();
    return true;
  }

  Model& model_;
  const Dataset& train_;
  const FitOptions& options_;
  Observers observers_;
  TestSet<Model> test_set_;
  Trainer<Model> trainer_;
  TrainingState& state_ = trainer_.state;
  std::int64_t steps_per_epoch_;
  FitResult result_;
};

}  // namespace detail

/// Trains `model` on `train` and evaluates it on `test`: every `evaluate_every` steps and after every epoch. Leaves the
/// model as it is after the last step, with averaged weights where an average is kept; `checkpoints/best.safetensors`
/// has the best. A training that is killed at any moment and resumed ends with the weights and metrics of an
/// undisturbed one, to the last bit on the same machine with the same number of threads. It refuses to go on with other
/// settings; what it cannot compare (tensors that a loss was given) must be the same, too. Leaves the model in
/// evaluation mode.
/// \throws OptionError, DataError before the first step when options, labels and pictures do not fit
/// \throws FileError when a checkpoint cannot be written; the one before it remains
/// \throws Error when the loss is not finite
template <AnyTaggerType Model>
FitResult fit(Model& model, const Dataset& train, const Dataset& test, const FitOptions& options = {},
              std::span<Observer* const> observers = {}) {
  return detail::Fit<Model>(model, train, test, options, observers).run();
}

}  // namespace tagger
