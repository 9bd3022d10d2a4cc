#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <utility>

#include <tagger/cli/option_set.hpp>
#include <tagger/configurable.hpp>
#include <tagger/data/read_annotations.hpp>
#include <tagger/data/score_kind.hpp>
#include <tagger/data/score_table.hpp>
#include <tagger/error.hpp>
#include <tagger/metrics/evaluate_scores.hpp>

namespace tagger_program {

/// What scores in a file are, and which labels they predict.
struct ScoreOptions {
  tagger::ScoreKind kind = tagger::ScoreKind::probability;
  std::optional<double> threshold;

  void describe(tagger::OptionSet& set) {
    set.choice("score-kind", kind, tagger::enum_names<tagger::ScoreKind>,
               "what scores are: numbers in [0, 1], or any that are larger for what is likelier");
    set.option("threshold", threshold, "T", "a label is predicted where its score is above")
        .default_text("0.5, of margins 0");
  }

  /// \throws OptionError for a threshold that no probability can be on either side of
  tagger::Decision decision() const {
    const bool probability = kind == tagger::ScoreKind::probability;
    const double chosen = threshold.value_or(probability ? 0.5 : 0);
    if (probability && !(chosen >= 0 && chosen <= 1)) {
      throw tagger::OptionError("--threshold needs a number, 0 to 1, as scores are probabilities");
    }
    return {.threshold = chosen};
  }
};

/// Targets of a CSV file; of annotations where the name ends in .json. \throws FileError, DataError
inline tagger::TargetTable read_any_targets(const std::filesystem::path& path) {
  if (path.extension() != ".json") return tagger::read_targets(path);
  const auto annotations = tagger::read_annotations(path);
  tagger::TargetTable table{
      .images = {}, .labels = annotations.labels(), .values = annotations.targets(), .source = path};
  for (const auto& sample : annotations.samples()) table.images.push_back(sample.image_name);
  return table;
}

/// By which definitions scores are evaluated, and whether with intervals: what `evaluate`, `metrics` and `compare`
/// share.
struct EvaluationOptions {
  tagger::MetricDefinitions definitions;
  tagger::BootstrapOptions bootstrap;
  std::optional<std::int64_t> resamples;

  void describe(tagger::OptionSet& set) {
    set.section("Definitions");
    set.choice("zero-division", definitions.zero_division, tagger::enum_names<tagger::ZeroDivision>,
               "precision, recall and the like where they are 0 / 0");
    set.choice("without-positives", definitions.without_positives, tagger::enum_names<tagger::WithoutPositives>,
               "average precision of a label without a yes");
    set.option("top-k", definitions.top_k, "K", "labels of each picture that metrics at k count as predicted")
        .at_least(1);
    set.option("beta", definitions.beta, "B", "how much more recall counts than precision in f_beta").above(0);
    set.option("bins", definitions.bins, "N", "parts of [0, 1] in the expected calibration error").at_least(1);
    set.section("Intervals");
    set.option("intervals", resamples, "N", "resamples of the pictures that intervals are made of; 0: no intervals")
        .at_least(0)
        .default_text("1000 where that takes seconds");
    set.option("confidence", bootstrap.confidence, "C", "how often such intervals hold the true number")
        .between(0.5, 0.9999);
    set.option("seed", bootstrap.seed, "N", "of the resamples").at_least(0);
  }

  /// \param scores  how many there are: of few, intervals are made without being asked for
  tagger::EvaluateScoresOptions of(tagger::Decision decision, tagger::ScoreKind kind, std::int64_t scores) const {
    constexpr std::int64_t few = 200'000;
    tagger::EvaluateScoresOptions options{
        .decision = std::move(decision), .definitions = definitions, .bootstrap = bootstrap};
    options.definitions.probabilities = kind == tagger::ScoreKind::probability;
    options.bootstrap.resamples = resamples.value_or(scores <= few ? 1000 : 0);
    return options;
  }
};

}  // namespace tagger_program
