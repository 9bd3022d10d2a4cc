#pragma once

#include <filesystem>
#include <span>
#include <string>
#include <system_error>
#include <utility>
#include <vector>

#include <tagger/data/score_table.hpp>
#include <tagger/error.hpp>
#include <tagger/loader/dataset.hpp>
#include <tagger/model/tagger.hpp>
#include <tagger/predict/evaluate_all.hpp>
#include <tagger/predict/score.hpp>
#include <tagger/report/folder_thumbnails.hpp>
#include <tagger/report/metrics_json.hpp>
#include <tagger/report/page.hpp>
#include <tagger/run/pictures.hpp>
#include <tagger/run/run_folder.hpp>
#include <tagger/run/run_lock.hpp>
#include <tagger/threshold/decision.hpp>
#include <tagger/train/fit.hpp>
#include <tagger/train/observer.hpp>
#include <tagger/train/tensorboard_observer.hpp>

namespace tagger {

/// What is left when a run is done.
struct RunResult {
  FitResult fit;
  Evaluation evaluation;  ///< of the best epoch's weights on the test set
};

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

inline std::vector<std::pair<std::string, std::string>> facts(const RunConfig& config, const FitOptions& options,
                                                              const FitResult& result, const Dataset& train,
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

/// Trains into a run folder:
///
///     RUN/config.json, model.safetensors   the best epoch's tagger, see load_run()
///     RUN/checkpoints/                     what a killed training goes on from
///     RUN/events.out.tfevents.*            for TensorBoard
///     RUN/metrics.json                     the best epoch's scores on the test set
///     RUN/validation_scores.csv, validation_targets.csv   of the test set, what `tagger compare` reads
///     RUN/report.html                      the page for a person
///
/// With `options.epochs` 0 the run holds the weights as they are. Leaves the model with the best epoch's weights.
/// `options.checkpoints` and `options.on_best` are set here.
/// \param test  its transform must be evaluation_transform()'s, of any size: that is what load_run() gives back
/// \throws OptionError when the folder holds a run and `options.resume` is not set, or another process trains in it;
///         what fit() throws
template <AnyTaggerType Model>
RunResult train_run(Model& model, const Dataset& train, const Dataset& test, const std::filesystem::path& folder,
                    FitOptions options = {}, std::span<Observer* const> observers = {}) {
  RunConfig config = run_config(model, test.transform, options.threshold);
  detail::make_run_folder(folder, options);
  const RunLock lock(folder);
  detail::remove_partial_files(folder);
  TensorBoardObserver tensorboard(folder);
  std::vector<Observer*> all{&tensorboard};
  all.insert(all.end(), observers.begin(), observers.end());
  if (options.epochs > 0) options.checkpoints = checkpoints_path(folder);
  const auto save = [&](const Evaluation& evaluation) {
    config.decision.threshold = evaluation.threshold;
    save_run(model, config, folder);
  };
  options.on_best = save;
  RunResult result{.fit = fit(model, train, test, options, all), .evaluation = {}};
  if (result.fit.stopped) return result;
  if (options.epochs == 0) save(result.fit.evaluation);

  load_weights(model, weights_path(folder), Classifier::required);
  const double threshold = read_run_config(folder).decision.threshold;
  const ScoredDataset scored = score(model, test,
                                     {.batch_size = options.batch_size,
                                      .workers = options.workers,
                                      .arithmetic = options.arithmetic,
                                      .stop = options.stop});
  if (options.stop && options.stop()) {
    result.fit.stopped = true;
    return result;
  }
  constexpr Eigen::Index few = 200'000;  // scores, of which intervals are made in seconds
  result.evaluation = evaluate_all(
      model, scored,
      {.decision = {.threshold = threshold}, .bootstrap = {.resamples = scored.scores.size() <= few ? 1000 : 0}});
  write_evaluation(folder / "metrics.json", result.evaluation);
  constexpr int sample_count = 12, gallery_count = 60;
  const bool probabilities = kind_of(model.meaning()) == ScoreKind::probability;
  const auto set = picture_scores(test, scored, decide(scored.scores, {.threshold = threshold}), probabilities);
  const auto pictures = folder_thumbnails(test.folder, set.images, test.decode);
  if (scored.scores.isFinite().all()) {
    write_scores(folder / "validation_scores.csv", {set.images, set.labels, set.scores, {}});
    write_targets(folder / "validation_targets.csv", {set.images, set.labels, set.targets, {}});
  }
  write_page(folder / "report.html", {.title = folder.filename().string(),
                                      .facts = detail::facts(config, options, result.fit, train, test),
                                      .distribution = label_shares(train.annotations, test.annotations),
                                      .history = result.fit.history,
                                      .evaluation = result.evaluation,
                                      .samples = sample_pictures(train, sample_count),
                                      .gallery = gallery(set, pictures, gallery_count),
                                      .details = score_details(set, pictures)});
  return result;
}

}  // namespace tagger
