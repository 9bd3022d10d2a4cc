#include <filesystem>
#include <iostream>
#include <optional>

#include <tagger/cli/command.hpp>
#include <tagger/data/match_targets.hpp>
#include <tagger/data/score_table.hpp>
#include <tagger/metrics/evaluate_scores.hpp>
#include <tagger/report/metrics_json.hpp>

#include "tagger/commands.hpp"
#include "tagger/evaluation_options.hpp"
#include "tagger/file_shapes.hpp"
#include "tagger/print_evaluation.hpp"

namespace tagger_program {
namespace {

namespace fs = std::filesystem;
using tagger::OptionSet;

struct MetricsOptions {
  fs::path scores, targets;
  ScoreOptions reading;
  EvaluationOptions evaluation;
  std::optional<fs::path> json;

  void describe(OptionSet& set) {
    set.option("scores", scores, "S.csv", "a header of label names, a row of scores a picture").required();
    set.option("targets", targets, "T.csv", "likewise: 1 yes, 0 no, -1 or nothing unknown; or annotations, A.json")
        .required();
    reading.describe(set);
    set.option("json", json, "FILE", "write the metrics here");
    evaluation.describe(set);
    set.file("FILE of --json", metrics_shape);
    set.file("S.csv, T.csv", "a first column image_name matches rows by name, else they go by their order");
  }
};

int metrics(const MetricsOptions& options) {
  const auto scores = tagger::read_scores(options.scores, options.reading.kind);
  const auto targets = tagger::match_targets(read_any_targets(options.targets), scores);
  const auto evaluation = tagger::evaluate_scores(
      targets.values, scores.values, scores.labels,
      options.evaluation.of(options.reading.decision(), options.reading.kind, scores.values.size()));
  print_evaluation(std::cout, evaluation);
  if (options.json) tagger::write_evaluation(*options.json, evaluation);
  return 0;
}

}  // namespace

tagger::Command metrics_command() {
  return tagger::command<MetricsOptions>("metrics", "Score anybody's predictions.", metrics);
}

}  // namespace tagger_program
