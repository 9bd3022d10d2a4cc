#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>

#include <tagger/cli/option_set.hpp>
#include <tagger/data/annotations.hpp>
#include <tagger/data/score_kind.hpp>
#include <tagger/data/score_table.hpp>
#include <tagger/run/machine_options.hpp>
#include <tagger/run/run_config.hpp>

namespace tagger_program {

/// Which run is to score which pictures, and how: what several commands begin with.
struct ScoreRunOptions {
  std::filesystem::path run, annotations, images;
  bool in_sample = false;  ///< score pictures that the run's thresholds were chosen on, too
  bool fail_on_broken = false;
  std::int64_t batch_size = 32;
  tagger::MachineOptions machine;

  void describe(tagger::OptionSet& set);
};

/// What a run says of pictures, beside what the annotations say of them: rows and columns are the same in both.
struct RunScores {
  tagger::RunConfig config;
  tagger::Annotations annotations;  ///< its labels in the run's order; pictures that cannot be read are in it too
  tagger::ScoreTable scores;        ///< of the pictures that can be read, in the order of the annotations
  tagger::TargetTable targets;
  std::int64_t in_sample = 0;  ///< how many of the pictures the run's thresholds were chosen on, by estimate
  tagger::ScoreKind kind = tagger::ScoreKind::probability;
  double implied_threshold = 0.5;  ///< by what the scores mean; the run's where they imply none
};

/// Scores as the network gives them, or as the run's calibration, where it has one, then makes them.
enum class ScoresOf { network, run };

/// Scores the pictures with progress on the terminal, and lists those that cannot be read.
/// \param threshold  refused if no score can be on either side of it
/// \throws FileError, DataError, WeightsError, OptionError; DataError when no picture can be read; OptionError for
///         the scores of a run on pictures that its thresholds were chosen on, unless `options.in_sample`
RunScores score_run(const ScoreRunOptions& options, std::optional<double> threshold = std::nullopt,
                    ScoresOf of = ScoresOf::run);

}  // namespace tagger_program
