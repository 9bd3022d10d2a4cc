#pragma once

#include <filesystem>
#include <functional>
#include <memory>
#include <vector>

#include <tagger/activation/meaning.hpp>
#include <tagger/loader/dataset.hpp>
#include <tagger/predict/prediction.hpp>
#include <tagger/predict/score_options.hpp>
#include <tagger/predict/scored_dataset.hpp>
#include <tagger/run/machine_options.hpp>
#include <tagger/run/run_config.hpp>

namespace tagger_program {

/// What the scores of a run's network mean, before a calibration. \throws OptionError for an unknown activation
tagger::MeaningAtRunTime meaning_of(const tagger::RunConfig& config);

/// A run that tags and scores pictures, for files that do not read LibTorch.
class RunTagger {
 public:
  /// Prepares the process by start_machine(), and opens the run.
  /// \throws FileError, DataError, WeightsError; OptionError for a device that is not there, or an unknown policy
  RunTagger(const std::filesystem::path& run, const tagger::MachineOptions& machine);
  ~RunTagger();

  const tagger::RunConfig& config() const;
  /// What scores mean, after a calibration where there is one.
  tagger::MeaningAtRunTime meaning() const;
  /// As the network scores them. \throws what tagger::score() throws
  tagger::ScoredDataset score(const tagger::Dataset& pictures, const tagger::ScoreOptions& options);
  /// Hands each prediction to `sink`, in the order of `paths`, as soon as its batch is done. What
  /// cannot be read is a prediction with an error.
  void predict(std::vector<std::filesystem::path> paths, const tagger::PredictOptions& options,
               const std::function<void(const tagger::Prediction&)>& sink);

 private:
  struct Model;
  std::unique_ptr<Model> model_;
};

}  // namespace tagger_program
