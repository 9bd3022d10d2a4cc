#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include <ATen/core/grad_mode.h>

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

  /// The checkpoint that the training goes on from; nothing where it starts at the beginning.
  /// \throws OptionError when there are checkpoints of a training that is not to be resumed, or was made with other
  ///         settings; FileError, WeightsError
  std::optional<Checkpoint> find(const Observers& observers) const {
    if (!folder_) return std::nullopt;
    if (!options_.resume) {
      if (folder_->empty()) return std::nullopt;
      throw OptionError(options_.checkpoints.string() +
                        ": there are checkpoints of a training; resume it, or choose another folder");
    }
    auto checkpoint = folder_->latest([&](std::string_view text) { observers.message(text); });
    if (checkpoint) {
      check_settings(*checkpoint, observers);
    } else {
      observers.message("there is no checkpoint to go on from: training starts at the beginning");
    }
    return checkpoint;
  }

  /// Writes a checkpoint's tensors into the training's. \throws WeightsError
  void restore_tensors(const Checkpoint& checkpoint) const {
    const at::NoGradGuard no_gradient;
    for (const auto& [name, tensor] : tensors_) {
      const at::Tensor saved = as_tensor(checkpoint.tensors.at(name));
      if (saved.sizes() != tensor.sizes()) {
        throw WeightsError(checkpoint.path, name, "has another shape than the network's");
      }
      tensor.copy_(saved);
    }
  }

  void save(TrainingState& state, const BrokenPictures& broken, const Observers& observers) const {
    if (!folder_) return;
    state.broken = broken.all();
    state.observers = observers.states();
    folder_->save(state, settings_, tensors_);
  }

  /// The checkpoint just saved is the best.
  void mark_best(const TrainingState& state) const {
    if (folder_) folder_->mark_best(state.step);
  }

 private:
  void check_settings(const Checkpoint& checkpoint, const Observers& observers) const {
    const auto note = [&](const char* name, const std::string& what) {
      const auto then = checkpoint.settings.find(name);
      if (then == checkpoint.settings.end() || *then == settings_[name]) return;
      observers.message("goes on " + what + " than " + dump_json(*then) +
                        ": the results agree with those of an undisturbed training to rounding, not to the bit");
    };
    note("threads", "with another number of threads");
    note("device", "on another device");
    const std::string differences = settings_differences(checkpoint.settings, settings_);
    if (differences.empty()) return;
    throw OptionError(checkpoint.path.string() + ": was made by a training with other settings: " + differences);
  }

  const FitOptions& options_;
  Json settings_;
  NamedTensors tensors_;
  std::optional<CheckpointFolder> folder_;
};

}  // namespace tagger
