#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include <torch/utils.h>

#include <tagger/error.hpp>
#include <tagger/train/broken_pictures.hpp>
#include <tagger/train/checkpoint.hpp>
#include <tagger/train/fit_options.hpp>
#include <tagger/train/observers.hpp>
#include <tagger/train/training_settings.hpp>

namespace tagger {

/// The state of a training, from and to its checkpoints. Where `FitOptions::checkpoints` is empty none are kept.
class TrainingCheckpoints {
 public:
  /// \param settings  what must be the same when the training goes on
  /// \param tensors   all that the training changes, sharing memory with it
  TrainingCheckpoints(const FitOptions& options, Json settings, NamedTensors tensors)
      : options_(options), settings_(std::move(settings)), tensors_(std::move(tensors)) {
    if (!options.checkpoints.empty()) folder_.emplace(options.checkpoints, options.keep_checkpoints);
  }

  /// Where a training begins: at the latest checkpoint when it is to be resumed, else at `state`, which is saved first.
  /// \throws OptionError when there are checkpoints of a training that is not to be resumed, or was made with other
  ///         settings; FileError, WeightsError
  void begin(TrainingState& state, BrokenPictures& broken, const Observers& observers) const {
    if (!folder_) return;
    if (!options_.resume && !folder_->empty()) {
      throw OptionError(options_.checkpoints.string() +
                        ": there are checkpoints of a training; resume it, or choose another folder");
    }
    const auto message = [&](std::string_view text) { observers.message(text); };
    const auto checkpoint = options_.resume ? folder_->latest(message) : std::nullopt;
    if (!checkpoint) {
      if (options_.resume) message("there is no checkpoint to go on from: training starts at the beginning");
      save(state, broken, observers);
      return;
    }
    check_settings(*checkpoint, observers);
    restore_tensors(*checkpoint);
    state = checkpoint->state;
    broken.restore(state.broken);
    observers.restore(state.observers);
    message("goes on from " + checkpoint->path.string() + ": step " + std::to_string(state.step) + ", " +
            std::to_string(state.epoch) + " epochs done");
    // The checkpoint is written first, what follows from it after: make up for a program killed in between.
    if (state.between_epochs() && state.best_epoch == state.epoch) publish_best(state);
  }

  void save(TrainingState& state, const BrokenPictures& broken, const Observers& observers) const {
    if (!folder_) return;
    state.broken = broken.all();
    state.observers = observers.states();
    folder_->save(state, settings_, tensors_);
  }

  /// The checkpoint just saved is the best.
  void publish_best(const TrainingState& state) const {
    if (folder_) folder_->mark_best(state.step);
    if (options_.on_best) options_.on_best(state.history.tests.back().evaluation);
  }

 private:
  void check_settings(const Checkpoint& checkpoint, const Observers& observers) const {
    const auto threads = checkpoint.settings.find("threads");
    if (threads != checkpoint.settings.end() && *threads != settings_["threads"]) {
      observers.message("goes on with another number of threads than " + dump_json(*threads) +
                        ": the results agree with those of an undisturbed training to rounding, not to the bit");
    }
    const std::string differences = settings_differences(checkpoint.settings, settings_);
    if (differences.empty()) return;
    throw OptionError(checkpoint.path.string() + ": was made by a training with other settings: " + differences);
  }

  void restore_tensors(const Checkpoint& checkpoint) const {
    const torch::NoGradGuard no_gradient;
    for (const auto& [name, tensor] : tensors_) {
      const at::Tensor saved = as_tensor(checkpoint.tensors.at(name));
      if (saved.sizes() != tensor.sizes()) {
        throw WeightsError(checkpoint.path, name, "has another shape than the network's");
      }
      tensor.copy_(saved);
    }
  }

  const FitOptions& options_;
  Json settings_;
  NamedTensors tensors_;
  std::optional<CheckpointFolder> folder_;
};

}  // namespace tagger
