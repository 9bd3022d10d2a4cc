#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <filesystem>
#include <limits>
#include <numeric>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_set>
#include <utility>
#include <vector>

#include <torch/utils.h>

#include <tagger/error.hpp>
#include <tagger/loader/dataset.hpp>
#include <tagger/loader/loader.hpp>
#include <tagger/model/arithmetic.hpp>
#include <tagger/model/memory_format.hpp>
#include <tagger/model/tagger.hpp>
#include <tagger/predict/score.hpp>
#include <tagger/train/adam.hpp>
#include <tagger/train/checkpoint.hpp>
#include <tagger/train/fit_options.hpp>
#include <tagger/train/observer.hpp>
#include <tagger/train/training_settings.hpp>
#include <tagger/weights/model_state.hpp>

namespace tagger {

namespace detail {

/// One training under way.
template <AnyTaggerType Model>
class Fit {
 public:
  Fit(Model& model, const Dataset& train, const Dataset& test, const FitOptions& options,
      std::span<Observer* const> observers)
      : model_(model),
        train_(train),
        test_(test),
        options_(options),
        observers_(observers),
        device_(model.parameters().front().device()),
        adam_((to_channels_last(model), trained(model)), options.adam),
        settings_(training_settings(model, train, test, options)),
        steps_per_epoch_(batch_count(train.size(), loader_options(0))) {
    check_labels(model, train);
    check_labels(model, test);
    train.check_folder();
    test.check_folder();
    if (options.epochs < 0) throw OptionError("the number of epochs must not be negative");
    if (options.evaluate_every < 0) throw OptionError("the steps between evaluations must not be negative");
    if (!options.select_by.empty()) nothing_evaluated().at(options.select_by);
    if (options.epochs > 0 && steps_per_epoch_ == 0) {
      throw OptionError("the batch size " + std::to_string(options.batch_size) + " exceeds the " +
                        std::to_string(train.size()) + " training pictures, and a short batch is dropped");
    }
    if (!options.checkpoints.empty()) folder_.emplace(options.checkpoints, options.keep_checkpoints);
  }

  FitResult run() {
    begin();
    model_.train();
    bool stopped = state_.test_due && !test();
    while (!stopped && state_.epoch < options_.epochs) stopped = !run_epoch();
    if (result_.evaluation.metrics.empty() && !stopped) {
      if (state_.history.tests.empty()) {
        stopped = !test();
      } else if (auto evaluation = evaluate_test()) {  // a finished training is resumed: nothing new to tell anybody
        result_.evaluation = *std::move(evaluation);
      } else {
        stopped = true;
      }
    }
    model_.eval();
    result_.history = state_.history;
    result_.best = state_.best;
    result_.best_epoch = state_.best_epoch;
    result_.broken = state_.broken;
    result_.stopped = stopped;
    return std::move(result_);
  }

 private:
  /// An evaluation with all the names and none of the pictures.
  Evaluation nothing_evaluated() const {
    ScoredDataset none{.scores = ScoreMatrix::Zero(1, model_.label_count()),
                       .targets = LabelMatrix::Zero(1, model_.label_count()),
                       .indices = {0},
                       .broken = {}};
    return evaluate(std::as_const(model_), none);
  }

  static NamedTensors trained(const Model& model) {
    NamedTensors parameters;
    for (const auto& parameter : model.named_parameters()) parameters.emplace_back(parameter.key(), parameter.value());
    return parameters;
  }

  LoaderOptions loader_options(std::int64_t first_batch) const {
    return {.batch_size = options_.batch_size,
            .workers = options_.workers,
            .shuffle = true,
            .drop_last = true,
            .seed = options_.seed,
            .epoch = state_.epoch,
            .first_batch = first_batch,
            .fail_on_broken = options_.fail_on_broken};
  }

  /// Model and optimizer, sharing memory with them.
  NamedTensors tensors() const {
    NamedTensors all;
    for (auto& [name, tensor] : model_state(model_)) all.emplace_back("model." + name, tensor);
    for (auto& [name, tensor] : adam_.state()) all.emplace_back("optimizer." + name, tensor);
    return all;
  }

  void begin() {
    if (!folder_) return;
    if (!options_.resume) {
      if (!folder_->empty()) {
        throw OptionError(options_.checkpoints.string() +
                          ": there are checkpoints of a training; resume it, or choose another folder");
      }
      save();
      return;
    }
    const auto checkpoint = folder_->latest([this](std::string_view text) { message(text); });
    if (!checkpoint) {
      message("there is no checkpoint to go on from: training starts at the beginning");
      save();
      return;
    }
    check_settings(*checkpoint);
    restore(*checkpoint);
    message("goes on from " + checkpoint->path.string() + ": step " + std::to_string(state_.step) + ", " +
            std::to_string(state_.epoch) + " epochs done");
    // The checkpoint is written first, what follows from it after: make up for a program killed in between.
    if (state_.batch == 0 && state_.epoch > 0 && state_.best_epoch == state_.epoch) publish_best();
  }

  void check_settings(const Checkpoint& checkpoint) const {
    const auto threads = checkpoint.settings.find("threads");
    if (threads != checkpoint.settings.end() && *threads != settings_["threads"]) {
      message("goes on with another number of threads than " + dump_json(*threads) +
              ": the results agree with those of an undisturbed training to rounding, not to the bit");
    }
    const std::string differences = settings_differences(checkpoint.settings, settings_);
    if (differences.empty()) return;
    throw OptionError(checkpoint.path.string() + ": was made by a training with other settings: " + differences);
  }

  void restore(const Checkpoint& checkpoint) {
    const torch::NoGradGuard no_gradient;
    for (auto& [name, tensor] : tensors()) {
      const at::Tensor saved = as_tensor(checkpoint.tensors.at(name));
      if (saved.sizes() != tensor.sizes()) {
        throw WeightsError(checkpoint.path, name, "has another shape than the network's");
      }
      tensor.copy_(saved);
    }
    state_ = checkpoint.state;
    for (const auto& picture : state_.broken) known_broken_.insert(picture.path.native());
    for (auto* observer : observers_) {
      const auto state = state_.observers.find(observer->name());
      if (state != state_.observers.end()) observer->restore(state->second);
    }
  }

  void save() {
    if (!folder_) return;
    state_.observers.clear();
    for (auto* observer : observers_) {
      if (const auto name = observer->name(); !name.empty()) state_.observers[name] = observer->state();
    }
    folder_->save(state_, settings_, tensors());
  }

  void publish_best() {
    if (folder_) folder_->mark_best(state_.step);
    if (options_.on_best) options_.on_best();
  }

  /// False when it was stopped.
  bool run_epoch() {
    const EpochBeginEvent event{.epoch = state_.epoch + 1,
                                .epochs = options_.epochs,
                                .steps_done = state_.batch,
                                .steps_per_epoch = steps_per_epoch_,
                                .batch_size = options_.batch_size};
    for (auto* observer : observers_) observer->on_epoch_begin(event);
    Loader loader(train_, loader_options(state_.batch));
    while (auto batch = loader.next()) {
      note(batch->broken);
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
    // Dropout draws from torch's generator: what it draws must depend on the step alone, so that a resumed run agrees.
    torch::manual_seed(Random(options_.seed, static_cast<std::uint64_t>(state_.step), dropout_stream).bits64());
    Targets targets = as_targets(batch.labels);
    targets.values = targets.values.to(device_);
    if (targets.known.defined()) targets.known = targets.known.to(device_);
    const auto [logits, loss] = [&] {
      const Autocast autocast(options_.arithmetic, device_.type());
      const Logits logits = model_.forward(batch.images.to(device_));
      return std::pair{logits, model_.loss()(logits, targets)};
    }();
    const double value = loss.template item<float>();
    if (!std::isfinite(value)) {
      throw Error("the loss is not a finite number at step " + std::to_string(state_.step + 1) +
                  ": try a smaller learning rate; the last checkpoint is as it was");
    }
    adam_.zero_gradients();
    loss.backward();
    adam_.step();
    ++state_.step;
    state_.epoch_losses.push_back(value);
    state_.history.step_loss.push_back(value);
    const Evaluation evaluation = evaluate_batch(logits, batch);
    const StepEvent event{.epoch = state_.epoch + 1,
                          .epochs = options_.epochs,
                          .step = state_.step,
                          .step_in_epoch = state_.batch,
                          .steps_per_epoch = steps_per_epoch_,
                          .images = batch.size(),
                          .loss = value,
                          .evaluation = evaluation};
    for (auto* observer : observers_) observer->on_step(event);
  }

  Evaluation evaluate_batch(const Logits& logits, const Batch& batch) const {
    const torch::NoGradGuard no_gradient;
    return evaluate(model_,
                    ScoredDataset{.scores = as_matrix(model_.activation()(logits)),
                                  .targets = batch.labels,
                                  .indices = batch.indices,
                                  .broken = {}},
                    {.threshold = options_.threshold});
  }

  bool stop_asked() const { return options_.stop && options_.stop(); }

  /// False when it was stopped.
  bool end_epoch() {
    const auto& losses = state_.epoch_losses;
    if (losses.empty()) {
      throw DataError(train_.folder, "",
                      "none of the training pictures could be read; the first: " + state_.broken.front().reason);
    }
    const double mean = std::accumulate(losses.begin(), losses.end(), 0.0) / static_cast<double>(losses.size());
    ++state_.epoch;
    state_.batch = 0;
    state_.epoch_losses.clear();
    state_.history.epochs.push_back({.epoch = state_.epoch, .step = state_.step, .mean_loss = mean});
    const EpochEvent event{.epoch = state_.epoch, .epochs = options_.epochs, .step = state_.step, .mean_loss = mean};
    for (auto* observer : observers_) observer->on_epoch(event);
    return test();
  }

  /// The test set has been evaluated after the last batch of an epoch.
  void conclude_epoch() {
    const double value = selecting(result_.evaluation);
    const bool best = value > state_.best || state_.best_epoch == 0;
    if (best) {
      state_.best = value;
      state_.best_epoch = state_.epoch;
    }
    save();
    if (best) publish_best();
  }

  double selecting(const Evaluation& evaluation) const {
    if (!options_.select_by.empty()) return evaluation.at(options_.select_by);
    return evaluation.has("macro/f1") ? evaluation.at("macro/f1") : evaluation.metrics.back().second;
  }

  /// Nothing when it was stopped.
  std::optional<Evaluation> evaluate_test() {
    const auto progress = [this](std::int64_t done, std::int64_t total) {
      for (auto* observer : observers_) observer->on_test_progress({.done = done, .total = total});
    };
    const ScoredDataset scored = score(model_, test_,
                                       {.batch_size = options_.batch_size,
                                        .workers = options_.workers,
                                        .arithmetic = options_.arithmetic,
                                        .fail_on_broken = options_.fail_on_broken,
                                        .progress = progress,
                                        .stop = options_.stop});
    if (stop_asked()) return std::nullopt;
    note(scored.broken);
    return evaluate(std::as_const(model_), scored, {.threshold = options_.threshold});
  }

  /// False when it was stopped: a checkpoint says then that the test is still due.
  bool test() {
    state_.test_due = true;
    auto evaluation = evaluate_test();
    if (!evaluation) {
      save();
      return false;
    }
    state_.test_due = false;
    result_.evaluation = *std::move(evaluation);
    Evaluation averages = result_.evaluation;
    averages.labels.clear();  // kept for the last evaluation only: a history of them all would outgrow the weights
    state_.history.tests.push_back({.step = state_.step, .evaluation = std::move(averages)});
    const TestEvent event{
        .epoch = state_.epoch + (state_.batch > 0 ? 1 : 0), .step = state_.step, .evaluation = result_.evaluation};
    for (auto* observer : observers_) observer->on_test(event);
    if (state_.batch == 0 && state_.epoch > 0) conclude_epoch();
    return true;
  }

  void note(const std::vector<BrokenPicture>& broken) {
    for (const auto& picture : broken) {
      if (!known_broken_.insert(picture.path.native()).second) continue;
      state_.broken.push_back(picture);
      if (state_.broken.size() <= told_one_by_one) message(picture.reason + "; the picture is left out");
      if (state_.broken.size() == told_one_by_one)
        message("further pictures that cannot be read are listed at the end");
    }
  }

  void message(std::string_view text) const {
    for (auto* observer : observers_) observer->on_message(text);
  }

  static constexpr std::size_t told_one_by_one = 20;
  static constexpr std::uint64_t dropout_stream = std::numeric_limits<std::uint64_t>::max() - 1;

  Model& model_;
  const Dataset& train_;
  const Dataset& test_;
  const FitOptions& options_;
  std::span<Observer* const> observers_;
  at::Device device_;
  TrainingState state_;
  Adam adam_;
  Json settings_;
  std::int64_t steps_per_epoch_;
  std::optional<CheckpointFolder> folder_;
  FitResult result_;
  std::unordered_set<std::string> known_broken_;
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
