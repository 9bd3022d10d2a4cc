#include <cstddef>
#include <filesystem>
#include <iostream>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <tagger/data/match_labels.hpp>
#include <tagger/data/read_annotations.hpp>
#include <tagger/metrics/evaluate_scores.hpp>
#include <tagger/report/folder_thumbnails.hpp>
#include <tagger/report/metrics_json.hpp>
#include <tagger/report/page.hpp>
#include <tagger/threshold/decision.hpp>

#include "tagger/commands.hpp"
#include "tagger/evaluation_options.hpp"
#include "tagger/file_shapes.hpp"
#include "tagger/guessing.hpp"
#include "tagger/print_evaluation.hpp"
#include "tagger/score_run.hpp"

namespace tagger_program {
namespace {

namespace fs = std::filesystem;
using tagger::OptionSet;

struct EvaluateOptions {
  ScoreRunOptions scoring;
  EvaluationOptions evaluation;
  std::optional<double> threshold;
  std::optional<fs::path> training, json, scores, report;

  void describe(OptionSet& set) {
    scoring.describe(set);
    set.section("Evaluation");
    set.flag("in-sample", scoring.in_sample, "score pictures that the run's thresholds were chosen on, too");
    set.option("threshold", threshold, "T", "a label is predicted where its score is above").default_text("the run's");
    set.option("prior", training, "A.json", "what it was trained on: adds the F1 of guessing its most frequent labels");
    set.option("json", json, "FILE", "write the metrics here");
    set.option("scores", scores, "FILE.csv", "write the score of every picture and label here");
    set.option("report", report, "FILE.html", "write a page here: curves of each label, likely annotation mistakes");
    evaluation.describe(set);
    set.file("A.json", annotations_shape);
    set.file("FILE of --json", metrics_shape);
    set.file("FILE.csv", "a header image_name,sky,..., a row of scores in [0, 1] a picture: `tagger metrics` reads it");
  }
};

void write_report(const EvaluateOptions& options, const RunScores& run, const tagger::Decision& decision,
                  const tagger::Evaluation& evaluation) {
  constexpr std::size_t gallery_count = 60;
  const tagger::PictureScores set{.labels = run.scores.labels,
                                  .images = run.scores.images,
                                  .targets = run.targets.values,
                                  .scores = run.scores.values,
                                  .predictions = decide(run.scores.values, decision),
                                  .probabilities = run.kind == tagger::ScoreKind::probability};
  const auto pictures = tagger::folder_thumbnails(options.scoring.images, set.images, options.scoring.machine.decode);
  tagger::write_page(*options.report, {.title = options.scoring.annotations.filename().string(),
                                       .facts = {{"run", options.scoring.run.string()},
                                                 {"annotations", options.scoring.annotations.string()},
                                                 {"backbone", run.config.hub.backbone},
                                                 {"head", run.config.head},
                                                 {"loss", run.config.loss}},
                                       .distribution = {},
                                       .history = {},
                                       .evaluation = evaluation,
                                       .samples = {},
                                       .gallery = gallery(set, pictures, gallery_count),
                                       .details = score_details(set, pictures)});
}

int evaluate(const EvaluateOptions& options) {
  const auto run = score_run(options.scoring, options.threshold);
  const auto& labels = run.scores.labels;
  std::vector<std::pair<std::string, double>> prior;
  if (options.training) {
    prior = guessing(tagger::match_labels(tagger::read_annotations(*options.training), labels), run.annotations);
  }
  tagger::Decision decision = run.config.decision;
  if (options.threshold) decision = {.threshold = *options.threshold, .exclusive = std::move(decision.exclusive)};
  auto evaluation = tagger::evaluate_scores(run.targets.values, run.scores.values, labels,
                                            options.evaluation.of(decision, run.kind, run.scores.values.size()));
  evaluation.in_sample = run.in_sample;
  // Shown before anything is written: a disk that is full must not cost the answer.
  print_evaluation(std::cout, evaluation, prior);
  if (run.in_sample > 0) {
    std::cout << "\nThe run's thresholds were chosen on about " << run.in_sample << " of these pictures: "
              << "these scores say more than they should.\n";
  }
  std::cout << std::flush;
  if (options.json) tagger::write_evaluation(*options.json, evaluation);
  if (options.scores) tagger::write_scores(*options.scores, run.scores);
  if (options.report) write_report(options, run, decision, evaluation);
  return 0;
}

}  // namespace

tagger::Command evaluate_command() {
  return tagger::command<EvaluateOptions>("evaluate", "Score a trained tagger on annotated pictures.", evaluate);
}

}  // namespace tagger_program
