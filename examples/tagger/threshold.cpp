#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <iostream>
#include <iterator>
#include <optional>
#include <string>
#include <system_error>
#include <utility>
#include <vector>

#include <tagger/averaging/macro.hpp>
#include <tagger/averaging/micro.hpp>
#include <tagger/averaging/samples.hpp>
#include <tagger/averaging/weighted.hpp>
#include <tagger/calibration/any_calibrator.hpp>
#include <tagger/cli/command.hpp>
#include <tagger/cli/policy_value.hpp>
#include <tagger/configurable.hpp>
#include <tagger/data/annotations.hpp>
#include <tagger/data/csv.hpp>
#include <tagger/data/label.hpp>
#include <tagger/data/match_targets.hpp>
#include <tagger/data/sample.hpp>
#include <tagger/data/score_table.hpp>
#include <tagger/error.hpp>
#include <tagger/metrics/confusion.hpp>
#include <tagger/metrics/evaluate.hpp>
#include <tagger/policy_list.hpp>
#include <tagger/report/table.hpp>
#include <tagger/run/run_config.hpp>
#include <tagger/run/run_lock.hpp>
#include <tagger/run/run_paths.hpp>
#include <tagger/threshold/any_threshold.hpp>
#include <tagger/threshold/chosen_on.hpp>
#include <tagger/threshold/decision.hpp>
#include <tagger/threshold/decision_json.hpp>

#include "tagger/commands.hpp"
#include "tagger/run_tagger.hpp"
#include "tagger/score_run.hpp"

namespace tagger_program {
namespace {

using tagger::OptionSet;

struct ThresholdOptions {
  ScoreRunOptions scoring;
  tagger::AnyThreshold rule = tagger::MaxF1{};
  std::optional<tagger::AnyCalibrator> calibrate;
  std::vector<std::string> exclusive;

  void describe(OptionSet& set) {
    scoring.describe(set);
    for (const char* name : {"annotations", "images"}) {  // a run has a validation set of its own
      set.find(name)->required = false;
      set.find(name)->default_text = "the run's validation set";
    }
    set.section("Thresholds");
    set.option("rule", rule, "NAME", "how it is chosen which labels are predicted")
        .listing(tagger::policy_names<tagger::Thresholds>());
    set.option("calibrate", calibrate, "NAME", "make scores probabilities before")
        .listing(tagger::policy_names<tagger::Calibrators>());
    set.option("exclusive", exclusive, "A,B", "labels of which a picture has at most one; for each group again");
    set.file("RUN/validation_scores.csv, RUN/validation_targets.csv",
             "what training has scored last, without --annotations");
    set.file("RUN/config.json", "gets what is chosen, in place of what was chosen before");
  }
};

/// The names in "day,night", quoted as in a CSV file where they need it, as a group of the run's labels.
std::vector<std::int64_t> read_group(const std::string& text, const std::vector<std::string>& labels) {
  std::vector<std::string> names;
  tagger::detail::CsvReader reader{text, "--exclusive"};
  while (!reader.at_end()) names.emplace_back(reader.next());
  try {
    return tagger::exclusive_group(names, labels);
  } catch (const tagger::OptionError& error) {
    throw tagger::OptionError("--exclusive " + text + ": " + error.what());
  }
}

/// What training has scored last: the run's validation set.
/// \throws OptionError when the run does not keep it; FileError, DataError
RunScores stored_scores(const std::filesystem::path& folder) {
  const auto path = folder / "validation_scores.csv", targets_path = folder / "validation_targets.csv";
  auto config = tagger::read_run_config(folder);
  if (std::error_code error; !std::filesystem::exists(path, error)) {
    throw tagger::OptionError("--annotations and --images are needed: " + folder.string() +
                              " does not keep the scores of a validation set");
  }
  const auto meaning = meaning_of(config);
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

tagger::Evaluation measured(const RunScores& run, const tagger::LabelMatrix& predicted) {
  tagger::Confusion confusion(predicted.cols());
  confusion.add(run.targets.values, predicted);
  return tagger::evaluate<tagger::Micro, tagger::Macro, tagger::Weighted, tagger::Samples>(confusion,
                                                                                           run.scores.labels);
}

/// A row a label: its threshold, what comes of it, and what came of the threshold that the scores imply.
tagger::Table chosen_labels(const tagger::Decision& decision, const tagger::Evaluation& chosen,
                            const tagger::Evaluation& before, const std::string& implied,
                            const std::vector<tagger::ChoiceNote>& notes) {
  using tagger::Align, tagger::format_number;
  tagger::Table table({{"label"},
                       {"support", Align::right},
                       {"threshold", Align::right},
                       {"precision", Align::right},
                       {"recall", Align::right},
                       {"f1", Align::right},
                       {"precision at " + implied, Align::right},
                       {"recall", Align::right},
                       {"f1", Align::right},
                       {"note"}});
  const auto thresholds = thresholds_of(decision, chosen.labels.size());
  for (std::size_t k = 0; k < thresholds.size(); ++k) {
    const auto &now = chosen.labels[k], then = before.labels[k];
    std::string remarks;
    for (const auto& note : notes) {
      if (note.label == k) remarks += (remarks.empty() ? "" : "; ") + note.text;
    }
    const bool any = thresholds[k] == static_cast<float>(tagger::no_threshold);
    table.add({now.name, std::to_string(now.support), any ? "any" : format_number(static_cast<double>(thresholds[k])),
               format_number(now.precision), format_number(now.recall), format_number(now.f1),
               format_number(then.precision), format_number(then.recall), format_number(then.f1), remarks});
  }
  return table;
}

tagger::Table chosen_averages(const tagger::Evaluation& chosen, const tagger::Evaluation& before,
                              const std::string& implied) {
  using tagger::Align, tagger::format_number;
  tagger::Table table({{"average"}, {"f1", Align::right}, {"f1 at " + implied, Align::right}});
  for (const std::string average : {"micro", "macro", "weighted", "samples"}) {
    table.add({average, format_number(chosen.at(average + "/f1")), format_number(before.at(average + "/f1"))});
  }
  return table;
}

int choose_thresholds(const ThresholdOptions& options) {
  const auto& folder = options.scoring.run;
  std::vector<std::vector<std::int64_t>> groups;  // looked up first: scoring takes long
  for (const auto& text : options.exclusive) {
    groups.push_back(read_group(text, tagger::read_run_config(folder).hub.labels));
  }
  const bool named = !options.scoring.annotations.empty();
  if (named == options.scoring.images.empty()) {
    throw tagger::OptionError("--annotations and --images come together");
  }
  auto run = named ? score_run(options.scoring, std::nullopt, ScoresOf::network) : stored_scores(folder);
  const tagger::ValidationScores scores(run.targets.values, run.scores.values, run.implied_threshold, run.kind);
  tagger::CalibrationFit fit;
  if (options.calibrate) fit = (*options.calibrate)(scores);
  const auto calibrated = options.calibrate ? fit.calibration(scores) : scores;
  auto choice = options.rule(calibrated);
  choice.decision.exclusive = std::move(groups);

  const auto chosen = measured(run, tagger::decide(calibrated.scores(), choice.decision));
  const auto before = measured(run, tagger::decide(scores.scores(), {.threshold = run.implied_threshold}));
  std::vector<tagger::ChoiceNote> notes = std::move(choice.notes);
  for (auto& note : fit.notes) notes.push_back({note.label, "calibration: " + note.text});
  const std::string implied = tagger::detail::number_text(run.implied_threshold);
  std::cout << chosen_labels(choice.decision, chosen, before, implied, notes) << '\n'
            << chosen_averages(chosen, before, implied);
  for (const auto& note : notes) {
    if (!note.label) std::cout << note.text << '\n';
  }

  tagger::RunConfig config = std::move(run.config);
  config.decision = std::move(choice.decision);
  config.rule = options.rule.chosen();
  config.calibration = options.calibrate ? std::optional(std::move(fit.calibration)) : std::nullopt;
  config.chosen_on = options.rule.is_constant() && !options.calibrate
                         ? std::nullopt
                         : std::optional(tagger::chosen_on(run.annotations));
  const tagger::RunLock lock(folder);
  update_run_config(folder, config);
  std::cout << "\nWritten into " << tagger::config_path(folder).string() << ". ";
  if (config.chosen_on) std::cout << "What they are worth, `tagger evaluate` says on other pictures than these.";
  std::cout << std::endl;
  return 0;
}

}  // namespace

tagger::Command threshold_command() {
  return tagger::command<ThresholdOptions>(
      "threshold", "Choose thresholds, and calibrate scores, on annotated pictures.", choose_thresholds);
}

}  // namespace tagger_program
