#pragma once

#include <filesystem>
#include <span>
#include <string>
#include <system_error>
#include <utility>
#include <vector>

#include <tagger/error.hpp>
#include <tagger/loader/dataset.hpp>
#include <tagger/model/tagger.hpp>
#include <tagger/predict/score.hpp>
#include <tagger/report/metrics_json.hpp>
#include <tagger/report/page.hpp>
#include <tagger/run/pictures.hpp>
#include <tagger/run/run_folder.hpp>
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
  const bool go_on = options.resume && options.epochs > 0;
  if (!go_on && (std::filesystem::exists(weights_path(folder)) || std::filesystem::exists(folder / "checkpoints"))) {
    throw OptionError(folder.string() +
                      (options.resume ? ": holds a run already, and 0 epochs are nothing to resume it for; "
                                      : ": holds a run already; resume it, or ") +
                      "choose another folder");
  }
  std::error_code error;
  std::filesystem::create_directories(folder, error);
  if (error) throw FileError(folder, "", "cannot be made: " + error.message());
  // What a killed training left half written.
  for (const auto& entry : std::filesystem::directory_iterator(folder, error)) {
    if (entry.path().filename().string().find(".partial-") != std::string::npos) {
      std::filesystem::remove(entry.path(), error);
    }
  }
  if (!CheckpointFolder(folder / "checkpoints", 1).empty()) return;
  // Curves of a training that was killed before its first checkpoint: it starts again, and so do they.
  for (const auto& file : tensorboard_files(folder)) std::filesystem::remove(file, error);
}

inline std::vector<std::pair<std::string, std::string>> facts(const RunConfig& config, const FitOptions& options,
                                                              const FitResult& result, const Dataset& train,
                                                              const Dataset& test) {
  return {{"backbone", config.architecture},
          {"head", config.head},
          {"activation", config.activation},
          {"loss", config.loss},
          {"picture size", std::to_string(config.size) + " x " + std::to_string(config.size)},
          {"training pictures", std::to_string(train.size())},
          {"test pictures", std::to_string(test.size())},
          {"epochs", std::to_string(result.history.epochs.size())},
          {"best epoch", result.best_epoch > 0 ? std::to_string(result.best_epoch) : "none"},
          {"batch size", std::to_string(options.batch_size)},
          {"learning rate", Json(options.adam.learning_rate).dump()},
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
///     RUN/report.html                      the page for a person
///
/// With `options.epochs` 0 the run holds the weights as they are. Leaves the model with the best epoch's weights.
/// `options.checkpoints` and `options.on_best` are set here.
/// \throws OptionError when the folder holds a run and `options.resume` is not set; what fit() throws
template <AnyTaggerType Model>
RunResult train_run(Model& model, const Dataset& train, const Dataset& test, const std::filesystem::path& folder,
                    FitOptions options = {}, std::span<Observer* const> observers = {}) {
  detail::make_run_folder(folder, options);
  const RunConfig config = run_config(model, test.transform, options.threshold);
  TensorBoardObserver tensorboard(folder);
  std::vector<Observer*> all{&tensorboard};
  all.insert(all.end(), observers.begin(), observers.end());
  if (options.epochs > 0) {
    options.checkpoints = folder / "checkpoints";
    options.on_best = [&] { save_run(model, config, folder); };
  } else {
    save_run(model, config, folder);
  }
  RunResult result{.fit = fit(model, train, test, options, all), .evaluation = {}};
  if (result.fit.stopped) return result;

  load_weights(model, weights_path(folder), Classifier::required);
  const ScoredDataset scored = score(
      model, test, {.batch_size = options.batch_size, .workers = options.workers, .arithmetic = options.arithmetic});
  result.evaluation = evaluate(std::as_const(model), scored, {.threshold = options.threshold});
  write_evaluation(folder / "metrics.json", result.evaluation);
  constexpr int sample_count = 12, gallery_count = 60;
  write_page(folder / "report.html", {.title = folder.filename().string(),
                                      .facts = detail::facts(config, options, result.fit, train, test),
                                      .distribution = label_shares(train.annotations, test.annotations),
                                      .history = result.fit.history,
                                      .evaluation = result.evaluation,
                                      .samples = sample_pictures(train, sample_count),
                                      .gallery = gallery(test, scored, options.threshold, gallery_count)});
  return result;
}

}  // namespace tagger
