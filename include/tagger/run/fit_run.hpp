#pragma once

#include <filesystem>
#include <span>
#include <string>
#include <system_error>
#include <utility>

#include <tagger/activation/meaning.hpp>
#include <tagger/error.hpp>
#include <tagger/loader/dataset.hpp>
#include <tagger/model/arithmetic.hpp>
#include <tagger/model/tagger.hpp>
#include <tagger/predict/evaluate_all.hpp>
#include <tagger/predict/score.hpp>
#include <tagger/report/facts.hpp>
#include <tagger/report/json_value.hpp>
#include <tagger/run/run_config.hpp>
#include <tagger/run/run_lock.hpp>
#include <tagger/run/run_paths.hpp>
#include <tagger/run/run_result.hpp>
#include <tagger/run/save_run.hpp>
#include <tagger/train/checkpoint.hpp>
#include <tagger/train/fit.hpp>
#include <tagger/train/fit_options.hpp>
#include <tagger/train/observer.hpp>
#include <tagger/weights/copy_weights.hpp>
#include <tagger/weights/safetensors.hpp>

namespace tagger {

namespace detail {

inline void make_run_folder(const std::filesystem::path& folder, const FitOptions& options) {
  const bool trained = std::filesystem::exists(weights_path(folder));
  const bool begun = !CheckpointFolder(checkpoints_path(folder), 1).empty();
  const auto refuse = [&](const char* why) { throw OptionError(folder.string() + ": holds a run already" + why); };
  if (!options.resume && (trained || begun)) refuse("; resume it, or choose another folder");
  if (options.epochs == 0 && (trained || begun)) {
    refuse(", and 0 epochs are nothing to resume it for; choose another folder");
  }
  if (trained && !begun) refuse(", without checkpoints to go on from; choose another folder");
  std::error_code error;
  std::filesystem::create_directories(folder, error);
  if (error) throw FileError(folder, "", "cannot be made: " + error.message());
}

/// Removes what a killed training left half written.
inline void remove_partial_files(const std::filesystem::path& folder) {
  std::error_code error;
  for (const auto& entry : std::filesystem::directory_iterator(folder, error)) {
    const std::string name = entry.path().filename().string();
    for (const char* ours : {"model.safetensors", "config.json", "metrics.json", "report.html", "validation_scores.csv",
                             "validation_targets.csv"}) {
      if (name.starts_with(ours + std::string(".partial-"))) std::filesystem::remove(entry.path(), error);
    }
  }
}

inline Facts facts(const RunConfig& config, const FitOptions& options, const FitResult& result, const Dataset& train,
                   const Dataset& test) {
  return {
      {"backbone", config.hub.backbone},
      {"head", config.head},
      {"activation", config.activation},
      {"loss", config.loss},
      {"picture size", std::to_string(config.hub.transform.size) + " x " + std::to_string(config.hub.transform.size)},
      {"training pictures", std::to_string(train.size())},
      {"test pictures", std::to_string(test.size())},
      {"epochs", std::to_string(result.history.epochs.size())},
      {"best epoch", result.best_epoch > 0 ? std::to_string(result.best_epoch) : "none"},
      {"batch size", std::to_string(options.batch_size)},
      {"optimizer", options.optimizer.chosen()},
      {"learning rate", Json(options.learning_rate).dump()},
      {"schedule", options.schedule.chosen()},
      {"precision", std::string(arithmetic_name(options.arithmetic))},
      {"seed", std::to_string(options.seed)},
      {"pictures that could not be read", std::to_string(result.broken.size())}};
}

}  // namespace detail

/// The part of train_run() that needs the network: trains into a run folder, and scores the test set with the best
/// epoch's weights. What is written of these scores, write_run_report() writes. Of a training that was stopped only
/// `fit` is filled. `options.checkpoints` and `options.on_best` are set here.
/// \throws OptionError when the folder holds a run and `options.resume` is not set, or another process trains in it;
///         what fit() throws
template <AnyTaggerType Model>
FittedRun fit_run(Model& model, const Dataset& train, const Dataset& test, const std::filesystem::path& folder,
                  FitOptions options = {}, std::span<Observer* const> observers = {}) {
  RunConfig config = run_config(model, test.transform, options.threshold);
  detail::make_run_folder(folder, options);
  RunLock lock(folder);
  detail::remove_partial_files(folder);
  if (options.epochs > 0) options.checkpoints = checkpoints_path(folder);
  const auto save = [&](const Evaluation& evaluation) {
    config.decision.threshold = evaluation.threshold;
    save_run(model, config, folder);
  };
  options.on_best = save;
  FittedRun run{.result = {.fit = fit(model, train, test, options, observers)}, .lock = std::move(lock)};
  RunResult& result = run.result;
  if (result.fit.stopped) return run;
  if (options.epochs == 0) save(result.fit.evaluation);

  // Of our own keys: no other layout is looked for.
  copy_weights(model, read_safetensors(weights_path(folder)), Classifier::required);
  const double threshold = read_run_config(folder).decision.threshold;
  result.scored = score(model, test,
                        {.batch_size = options.batch_size,
                         .workers = options.workers,
                         .arithmetic = options.arithmetic,
                         .stop = options.stop});
  if (options.stop && options.stop()) {
    result.fit.stopped = true;
    return run;
  }
  constexpr Eigen::Index few = 200'000;  // scores, of which intervals are made in seconds
  result.evaluation = evaluate_all(model, result.scored,
                                   {.decision = {.threshold = threshold},
                                    .bootstrap = {.resamples = result.scored.scores.size() <= few ? 1000 : 0}});
  result.kind = kind_of(model.meaning());
  result.facts = detail::facts(config, options, result.fit, train, test);
  return run;
}

}  // namespace tagger
