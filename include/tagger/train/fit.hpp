#pragma once

#include <cstdint>
#include <span>
#include <utility>

#include <torch/utils.h>

#include <tagger/data/distribution.hpp>
#include <tagger/error.hpp>
#include <tagger/loader/dataset.hpp>
#include <tagger/loader/loader.hpp>
#include <tagger/model/tagger.hpp>
#include <tagger/predict/score.hpp>
#include <tagger/train/broken_pictures.hpp>
#include <tagger/train/fit_options.hpp>
#include <tagger/train/observers.hpp>
#include <tagger/train/test_set.hpp>
#include <tagger/train/training_checkpoints.hpp>
#include <tagger/train/training_settings.hpp>
#include <tagger/train/training_step.hpp>
#include <tagger/weights/model_state.hpp>

namespace tagger {

namespace detail {

/// One training under way: epochs, tests and checkpoints in their order.
template <AnyTaggerType Model>
class Fit {
 public:
  Fit(Model& model, const Dataset& train, const Dataset& test, const FitOptions& options,
      std::span<Observer* const> observers)
      : model_(model),
        train_(train),
        options_(options),
        observers_(observers),
        step_(model, options),
        test_set_(model, test, options, observers_, labels_per_picture(train.annotations)),
        checkpoints_(options, training_settings(model, train, test, options), tensors()),
        steps_per_epoch_(batch_count(train.size(), loader_options())) {
    check_labels(model, train);
    train.check_folder();
    check_fit_options(options, train.size());
  }

  FitResult run() {
    checkpoints_.begin(state_, broken_, observers_);
    model_.train();
    bool stopped = state_.test_due && !test();
    while (!stopped && state_.epoch < options_.epochs) stopped = !run_epoch();
    if (result_.evaluation.metrics.empty() && !stopped) {
      if (state_.history.tests.empty()) {
        stopped = !test();
      } else if (auto evaluation = test_set_.evaluate(broken_)) {  // a finished training is resumed: nothing is new
        result_.evaluation = *std::move(evaluation);
      } else {
        stopped = true;
      }
    }
    model_.eval();
    result_.history = std::move(state_.history);
    result_.best = state_.best;
    result_.best_epoch = state_.best_epoch;
    result_.broken = broken_.all();
    result_.stopped = stopped;
    return std::move(result_);
  }

 private:
  LoaderOptions loader_options() const {
    return {.batch_size = options_.batch_size,
            .workers = options_.workers,
            .shuffle = true,
            .drop_last = true,
            .seed = options_.seed,
            .epoch = state_.epoch,
            .first_batch = state_.batch,
            .fail_on_broken = options_.fail_on_broken};
  }

  /// All that a training changes, sharing memory with it.
  NamedTensors tensors() const {
    NamedTensors all;
    for (auto& [name, tensor] : model_state(model_)) all.emplace_back("model." + name, tensor);
    for (auto& [name, tensor] : step_.state()) all.emplace_back("optimizer." + name, tensor);
    return all;
  }

  void save() { checkpoints_.save(state_, broken_, observers_); }

  bool stop_asked() const { return options_.stop && options_.stop(); }

  /// False when it was stopped.
  bool run_epoch() {
    observers_.tell(&Observer::on_epoch_begin, {.epoch = state_.epoch + 1,
                                                .epochs = options_.epochs,
                                                .steps_done = state_.batch,
                                                .steps_per_epoch = steps_per_epoch_,
                                                .batch_size = options_.batch_size});
    Loader loader(train_, loader_options());
    while (auto batch = loader.next()) {
      broken_.add(batch->broken, observers_);
      ++state_.batch;
      if (batch->size() > 0) {
        step(*batch);
        const bool last = state_.batch == steps_per_epoch_;
        if (options_.evaluate_every > 0 && state_.step % options_.evaluate_every == 0 && !last && !test()) return false;
      }
      if (state_.batch < steps_per_epoch_ && stop_asked()) {
        save();
        return false;
      }
    }
    return end_epoch() && (state_.epoch == options_.epochs || !stop_asked());
  }

  void step(const Batch& batch) {
    const StepResult result = step_(batch, state_.step);
    state_.add_step(result.loss);
    const torch::NoGradGuard no_gradient;
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
                                         .evaluation = evaluation});
  }

  /// False when it was stopped.
  bool end_epoch() {
    if (state_.epoch_losses.empty()) {
      throw DataError(train_.folder, "",
                      "none of the training pictures could be read; the first: " + broken_.all().front().reason);
    }
    const double mean = state_.add_epoch();
    observers_.tell(&Observer::on_epoch,
                    {.epoch = state_.epoch, .epochs = options_.epochs, .step = state_.step, .mean_loss = mean});
    return test();
  }

  /// False when it was stopped: a checkpoint says then that the test is still due.
  bool test() {
    state_.test_due = true;
    auto evaluation = test_set_.evaluate(broken_);
    if (!evaluation) {
      save();
      return false;
    }
    state_.add_test(*evaluation);
    result_.evaluation = *std::move(evaluation);
    observers_.tell(
        &Observer::on_test,
        {.epoch = state_.epoch + (state_.batch > 0 ? 1 : 0), .step = state_.step, .evaluation = result_.evaluation});
    if (!state_.between_epochs()) return true;
    const bool best = state_.add_score(test_set_.selecting(result_.evaluation));
    save();
    if (best) checkpoints_.publish_best(state_);
    return true;
  }

  Model& model_;
  const Dataset& train_;
  const FitOptions& options_;
  Observers observers_;
  TrainingState state_;
  TrainingStep<Model> step_;
  TestSet<Model> test_set_;
  TrainingCheckpoints checkpoints_;
  std::int64_t steps_per_epoch_;
  BrokenPictures broken_;
  FitResult result_;
};

}  // namespace detail

/// Trains `model` on `train` and evaluates it on `test`: every `evaluate_every` steps and after every epoch. Leaves the
/// model as it is after the last step; `checkpoints/best.safetensors` has the best. A training that is killed at any
/// moment and resumed ends with the weights and metrics of an undisturbed one, to the last bit on the same machine with
/// the same number of threads. It refuses to go on with other settings; what it cannot compare (the steps of a
/// transform, a loss's positive_weight) must be the same, too. Leaves the model in evaluation mode.
/// \throws OptionError, DataError before the first step when options, labels and pictures do not fit
/// \throws FileError when a checkpoint cannot be written; the one before it remains
/// \throws Error when the loss is not finite
template <AnyTaggerType Model>
FitResult fit(Model& model, const Dataset& train, const Dataset& test, const FitOptions& options = {},
              std::span<Observer* const> observers = {}) {
  return detail::Fit<Model>(model, train, test, options, observers).run();
}

}  // namespace tagger
