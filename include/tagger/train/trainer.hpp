#pragma once

#include <string>

#include <tagger/loader/batch.hpp>
#include <tagger/loader/dataset.hpp>
#include <tagger/model/tagger.hpp>
#include <tagger/named_tensors.hpp>
#include <tagger/train/broken_pictures.hpp>
#include <tagger/train/fit_options.hpp>
#include <tagger/train/observers.hpp>
#include <tagger/train/policy_state.hpp>
#include <tagger/train/training_checkpoints.hpp>
#include <tagger/train/training_settings.hpp>
#include <tagger/train/training_state.hpp>
#include <tagger/train/training_step.hpp>
#include <tagger/train/weight_average.hpp>
#include <tagger/weights/model_state.hpp>

namespace tagger {

/// All that a training changes, and its way to checkpoints and back: the model, what optimizer, averaged weights, loss
/// and head remember, and where it stands.
template <AnyTaggerType Model>
class Trainer {
 public:
  /// All must outlive this.
  Trainer(Model& model, const Dataset& train, const Dataset& test, const FitOptions& options,
          const Observers& observers)
      : model_((begin_training(model, train.annotations), model)),
        options_(options),
        observers_(observers),
        step_(model, options),
        average_(model_state(model), options.ema_decay, options.ema_warmup),
        checkpoints_(options, training_settings(model, train, test, options), tensors()) {}

  TrainingState state;
  BrokenPictures broken;

  /// At the checkpoint that is to be gone on from, or at the beginning, which is saved first.
  void begin() {
    step_.begin();
    const auto checkpoint = checkpoints_.find(observers_);
    if (!checkpoint) return save();
    state = checkpoint->state;
    // In the midst of an epoch its beginning comes first: what policies remember since is in the checkpoint.
    if (state.batch > 0) begin_epoch();
    checkpoints_.restore_tensors(*checkpoint);
    broken.restore(state.broken);
    observers_.restore(state.observers);
    observers_.message("goes on from " + checkpoint->path.string() + ": step " + std::to_string(state.step) + ", " +
                       std::to_string(state.epoch) + " epochs done");
    // The checkpoint is written first, what follows from it after: make up for a program killed in between.
    if (state.between_epochs() && state.best_epoch == state.epoch) publish_best();
  }

  void begin_epoch() { tagger::begin_epoch(model_, state.epoch + 1, options_.epochs); }

  StepResult step(const Batch& batch, const StepSize& size) {
    StepResult result = step_(batch, state.step, size);
    state.add_step(result.loss);
    average_.update(state.step);
    return result;
  }

  /// Gives the model the weights that are evaluated and saved, for as long as the result lives.
  AveragedWeights averaged() { return AveragedWeights(average_); }

  /// Gives them to it for good.
  void end() {
    average_.exchange();
    model_.eval();
  }

  void save() { checkpoints_.save(state, broken, observers_); }

  /// What was just saved is the best.
  void publish_best() {
    checkpoints_.mark_best(state);
    if (!options_.on_best) return;
    const auto weights = averaged();
    options_.on_best(state.history.tests.back().evaluation);
  }

 private:
  /// Sharing memory with them.
  NamedTensors tensors() {
    NamedTensors all = policy_state(model_);
    for (auto& [name, tensor] : model_state(model_)) all.emplace_back("model." + name, tensor);
    for (auto& [name, tensor] : average_.state()) all.emplace_back("average." + name, tensor);
    for (auto& [name, tensor] : step_.state()) all.emplace_back("optimizer." + name, tensor);
    return all;
  }

  Model& model_;
  const FitOptions& options_;
  const Observers& observers_;
  TrainingStep<Model> step_;
  WeightAverage average_;
  TrainingCheckpoints checkpoints_;
};

}  // namespace tagger
