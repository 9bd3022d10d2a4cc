#include "tagger/score_run.hpp"

#include <cstddef>
#include <cstdint>
#include <iostream>
#include <string>
#include <utility>

#include <tagger/error.hpp>
#include <tagger/image/evaluation_transform.hpp>
#include <tagger/loader/broken_picture.hpp>
#include <tagger/loader/dataset.hpp>
#include <tagger/predict/scored_dataset.hpp>
#include <tagger/report/progress.hpp>
#include <tagger/run/in_sample.hpp>

#include "tagger/annotations.hpp"
#include "tagger/file_shapes.hpp"
#include "tagger/run_tagger.hpp"

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
  RunTagger run(options.run, options.machine);
  const tagger::RunConfig& config = run.config();
  const auto meaning = of == ScoresOf::run ? run.meaning() : meaning_of(config);
  tagger::check_threshold(meaning, threshold);
  const auto& labels = config.hub.labels;
  const tagger::Dataset dataset{annotations_of(labels, options.annotations), options.images,
                                tagger::evaluation_transform(config.hub.transform), options.machine.decode};
  const auto in_sample =
      of == ScoresOf::run ? tagger::check_in_sample(config, dataset.annotations, options.in_sample) : 0;
  tagger::Progress progress;
  progress.begin("evaluate", dataset.size());
  std::int64_t done = 0;
  auto scoring = options.machine.scoring(options.batch_size);
  scoring.fail_on_broken = options.fail_on_broken;
  scoring.progress = [&](std::int64_t now, std::int64_t) { progress.advance(now - std::exchange(done, now)); };
  auto scored = run.score(dataset, scoring);
  progress.end();
  tagger::list_broken(std::cerr, scored.broken);
  tagger::check_any_scored(scored);
  if (of == ScoresOf::run && config.calibration) scored.scores = (*config.calibration)(std::move(scored.scores));

  const double implied = meaning.threshold.value_or(config.decision.threshold);
  RunScores result{.config = config,
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

}  // namespace tagger_program
