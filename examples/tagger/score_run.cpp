#include "tagger/score_run.hpp"

#include <cstddef>
#include <cstdint>
#include <iostream>
#include <string>
#include <utility>

#include <tagger/activation/any_activation.hpp>
#include <tagger/error.hpp>
#include <tagger/loader/broken_picture.hpp>
#include <tagger/loader/dataset.hpp>
#include <tagger/predict/score.hpp>
#include <tagger/report/progress.hpp>
#include <tagger/run/in_sample.hpp>
#include <tagger/run/run.hpp>
#include <tagger/run/run_paths.hpp>
#include <tagger/run/start_machine.hpp>

#include "tagger/file_shapes.hpp"
#include "tagger/read_pictures.hpp"
#include "tagger/read_run.hpp"

namespace tagger_program {

void ScoreRunOptions::describe(tagger::OptionSet& set) {
  set.option("run", run, "RUN", "a folder that tagger train has made").required();
  set.option("annotations", annotations, "B.json", "pictures and their labels").required();
  set.option("images", images, "DIR", "the folder that the pictures lie in").required();
  set.option("batch-size", batch_size, "N", "pictures at a time").at_least(1);
  machine.describe(set);
  set.flag("fail-on-broken", fail_on_broken, "stop at the first picture that cannot be read");
  set.file("RUN/model.safetensors, RUN/config.json", "the tagger");
  set.file("B.json", annotations_shape);
  set.file("DIR/a.jpg", pictures_help);
}

RunScores score_run(const ScoreRunOptions& options, std::optional<double> threshold, ScoresOf of) {
  tagger::start_machine(options.machine);
  auto files = read_run(options.run);
  auto run = tagger::make_run(std::move(files.config), std::move(files.weights), tagger::config_path(options.run));
  run.model->to(options.machine.device);
  const auto meaning = of == ScoresOf::run ? run.meaning() : run.model->meaning();
  tagger::check_threshold(meaning, threshold);
  const auto& labels = run.model->labels();
  const tagger::Dataset dataset{read_pictures(options.annotations, labels), options.images, run.transform(),
                                options.machine.decode};
  const auto in_sample =
      of == ScoresOf::run ? tagger::check_in_sample(run.config, dataset.annotations, options.in_sample) : 0;
  tagger::Progress progress;
  progress.begin("evaluate", dataset.size());
  std::int64_t done = 0;
  auto scoring = options.machine.scoring(options.batch_size);
  scoring.fail_on_broken = options.fail_on_broken;
  scoring.progress = [&](std::int64_t now, std::int64_t) { progress.advance(now - std::exchange(done, now)); };
  auto scored = tagger::score(*run.model, dataset, scoring);
  progress.end();
  tagger::list_broken(std::cerr, scored.broken);
  tagger::check_any_scored(scored);
  if (of == ScoresOf::run && run.config.calibration) {
    scored.scores = (*run.config.calibration)(std::move(scored.scores));
  }

  const double implied = meaning.threshold.value_or(run.config.decision.threshold);
  RunScores result{.config = std::move(run.config),
                   .annotations = dataset.annotations,
                   .scores = {.images = {}, .labels = labels, .values = std::move(scored.scores), .source = {}},
                   .targets = {.images = {}, .labels = labels, .values = std::move(scored.targets), .source = {}},
                   .in_sample = in_sample,
                   .kind = kind_of(meaning),
                   .implied_threshold = implied};
  for (const auto index : scored.indices) {
    result.scores.images.push_back(dataset.annotations.samples()[static_cast<std::size_t>(index)].image_name);
  }
  result.targets.images = result.scores.images;
  return result;
}

tagger::MeaningAtRunTime meaning_of(const tagger::RunConfig& config) {
  return tagger::AnyActivation::named(config.activation).meaning();
}

}  // namespace tagger_program
