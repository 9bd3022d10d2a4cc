#pragma once

#include <filesystem>
#include <span>
#include <utility>
#include <vector>

#include <tagger/loader/dataset.hpp>
#include <tagger/model/tagger.hpp>
#include <tagger/run/fit_run.hpp>
#include <tagger/run/run_report.hpp>
#include <tagger/run/run_result.hpp>
#include <tagger/train/fit_options.hpp>
#include <tagger/train/observer.hpp>
#include <tagger/train/tensorboard_observer.hpp>

namespace tagger {

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
  TensorBoardObserver tensorboard(folder);
  std::vector<Observer*> all{&tensorboard};
  all.insert(all.end(), observers.begin(), observers.end());
  return write_run_report(fit_run(model, train, test, folder, std::move(options), all), train, test);
}

}  // namespace tagger
