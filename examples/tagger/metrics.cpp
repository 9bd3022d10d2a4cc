#include <filesystem>
#include <iostream>
#include <iterator>
#include <optional>

#include <tagger/averaging/macro.hpp>
#include <tagger/averaging/micro.hpp>
#include <tagger/averaging/samples.hpp>
#include <tagger/averaging/weighted.hpp>
#include <tagger/cli/command.hpp>
#include <tagger/data/match_targets.hpp>
#include <tagger/data/score_table.hpp>
#include <tagger/metrics/evaluate.hpp>
#include <tagger/report/evaluation_table.hpp>
#include <tagger/report/metrics_json.hpp>

#include "tagger/commands.hpp"
#include "tagger/file_shapes.hpp"

namespace tagger_program {
namespace {

namespace fs = std::filesystem;
using tagger::OptionSet;

struct MetricsOptions {
  fs::path scores, targets;
  double threshold = 0.5;
  std::optional<fs::path> json;

  void describe(OptionSet& set) {
    set.option("scores", scores, "S.csv", "a header of label names, a row of scores in [0, 1] a picture").required();
    set.option("targets", targets, "T.csv", "likewise: 1 yes, 0 no, -1 or nothing unknown").required();
    set.option("threshold", threshold, "T", "a label is predicted where its score is above").between(0, 1);
    set.option("json", json, "FILE", "write the metrics here");
    set.file("FILE of --json", metrics_shape);
    set.file("S.csv, T.csv", "a first column image_name matches rows by name, else they go by their order");
  }
};

int metrics(const MetricsOptions& options) {
  const auto scores = tagger::read_scores(options.scores);
  const auto targets = tagger::match_targets(tagger::read_targets(options.targets), scores);
  tagger::Confusion confusion(std::ssize(scores.labels));
  confusion.add(targets.values, scores.values, options.threshold);
  const auto evaluation = tagger::evaluate<tagger::Micro, tagger::Macro, tagger::Weighted, tagger::Samples>(
      confusion, scores.labels, {.threshold = options.threshold});
  std::cout << labels_table(evaluation) << '\n' << averages_table(evaluation) << std::flush;
  if (options.json) tagger::write_evaluation(*options.json, evaluation);
  return 0;
}

}  // namespace

tagger::Command metrics_command() {
  return tagger::command<MetricsOptions>("metrics", "Score anybody's predictions.", metrics);
}

}  // namespace tagger_program
