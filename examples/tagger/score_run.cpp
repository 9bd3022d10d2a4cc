#include "tagger/score_run.hpp"

#include <cstddef>
#include <cstdint>
#include <iostream>
#include <string>
#include <system_error>
#include <utility>
#include <vector>

#include <tagger/activation/any_activation.hpp>
#include <tagger/data/label.hpp>
#include <tagger/data/match_labels.hpp>
#include <tagger/data/match_targets.hpp>
#include <tagger/data/read_annotations.hpp>
#include <tagger/data/sample.hpp>
#include <tagger/error.hpp>
#include <tagger/loader/broken_picture.hpp>
#include <tagger/loader/dataset.hpp>
#include <tagger/predict/score.hpp>
#include <tagger/report/progress.hpp>
#include <tagger/run/in_sample.hpp>
#include <tagger/run/run_folder.hpp>
#include <tagger/run/start_machine.hpp>

#include "tagger/file_shapes.hpp"

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
  auto run = tagger::load_run(options.run);
  run.model->to(options.machine.device);
  const auto meaning = of == ScoresOf::run ? run.meaning() : run.model->meaning();
  tagger::check_threshold(meaning, threshold);
  const auto& labels = run.model->labels();
  const tagger::Dataset dataset{tagger::match_labels(tagger::read_annotations(options.annotations), labels),
                                options.images, run.transform(), options.machine.decode};
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

RunScores stored_scores(const std::filesystem::path& folder) {
  const auto path = folder / "validation_scores.csv", targets_path = folder / "validation_targets.csv";
  auto config = tagger::read_run_config(folder);
  if (std::error_code error; !std::filesystem::exists(path, error)) {
    throw tagger::OptionError("--annotations and --images are needed: " + folder.string() +
                              " does not keep the scores of a validation set");
  }
  const auto meaning = tagger::AnyActivation::named(config.activation).meaning();
  auto scores = tagger::read_scores(path, kind_of(meaning));
  if (scores.labels != config.hub.labels) throw tagger::DataError(path, "line 1", "these are not the run's labels");
  auto targets = tagger::match_targets(tagger::read_targets(targets_path), scores);
  std::vector<tagger::Sample> samples;
  for (std::size_t row = 0; row < scores.images.size(); ++row) {
    auto& sample = samples.emplace_back(tagger::Sample{.image_name = scores.images[row]});
    for (Eigen::Index label = 0; label < targets.values.cols(); ++label) {
      const bool yes =
          targets.values(static_cast<Eigen::Index>(row), label) == static_cast<std::int8_t>(tagger::Label::yes);
      if (yes) sample.yes.push_back(static_cast<std::int32_t>(label));
    }
  }
  const double implied = meaning.threshold.value_or(config.decision.threshold);
  tagger::Annotations annotations(scores.labels, std::move(samples), targets_path);
  return {.config = std::move(config),
          .annotations = std::move(annotations),
          .scores = std::move(scores),
          .targets = std::move(targets),
          .kind = kind_of(meaning),
          .implied_threshold = implied};
}

}  // namespace tagger_program
