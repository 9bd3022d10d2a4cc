#include <cstddef>
#include <filesystem>
#include <iostream>
#include <iterator>
#include <optional>
#include <string>
#include <unordered_map>
#include <unordered_set>
#include <utility>
#include <vector>

#include <tagger/cli/command.hpp>
#include <tagger/data/match_targets.hpp>
#include <tagger/data/score_table.hpp>
#include <tagger/metrics/compare_scores.hpp>
#include <tagger/report/comparison_page.hpp>
#include <tagger/report/comparison_table.hpp>
#include <tagger/report/label_curves.hpp>
#include <tagger/report/metrics_json.hpp>

#include "tagger/commands.hpp"
#include "tagger/evaluation_options.hpp"

namespace tagger_program {
namespace {

namespace fs = std::filesystem;
using tagger::OptionSet;

struct CompareOptions {
  std::vector<fs::path> both;
  std::optional<fs::path> targets, json, page;
  ScoreOptions reading;
  EvaluationOptions evaluation;

  void describe(OptionSet& set) {
    set.positional("RUN", both, "two of them: folders that tagger train has made, or files of scores, S.csv")
        .required();
    set.option("targets", targets, "T.csv", "of files of scores; also annotations, A.json").default_text("the run's");
    reading.describe(set);
    set.option("json", json, "FILE", "write the differences here");
    set.option("page", page, "FILE.html", "write a page here that shows both side by side");
    evaluation.describe(set);
    set.file("RUN/validation_scores.csv, RUN/validation_targets.csv",
             "what a run has scored, and with which threshold");
    set.file("RUN/metrics.json", "the threshold");
    set.file("S.csv, T.csv", "a header image_name,sky,..., a row of scores or targets a picture");
  }
};

/// One of the two: a file of scores with the targets of its pictures.
struct Side {
  std::string name;
  tagger::ScoreTable scores;
  tagger::TargetTable targets;
  tagger::Decision decision;
};

/// The rows of `targets` that are pictures of `scores`, where both name them: of two files of scores, each may lack
/// some.
tagger::TargetTable only_scored(tagger::TargetTable targets, const tagger::ScoreTable& scores) {
  if (targets.images.empty() || scores.images.empty()) return targets;
  const std::unordered_set<std::string> scored(scores.images.begin(), scores.images.end());
  std::vector<Eigen::Index> rows;
  std::vector<std::string> images;
  for (std::size_t row = 0; row < targets.images.size(); ++row) {
    if (!scored.contains(targets.images[row])) continue;
    rows.push_back(static_cast<Eigen::Index>(row));
    images.push_back(targets.images[row]);
  }
  if (rows.empty()) return targets;  // match_targets() says what is missing
  targets.values = tagger::LabelMatrix(targets.values(rows, Eigen::all));
  targets.images = std::move(images);
  return targets;
}

Side read_side(const fs::path& path, const CompareOptions& options) {
  Side side{.name = path.filename().empty() ? path.parent_path().filename().string() : path.stem().string(),
            .scores = {},
            .targets = {},
            .decision = options.reading.decision()};
  const bool run = fs::is_directory(path);
  if (!run && !options.targets) throw tagger::OptionError("--targets is needed for " + path.string());
  side.scores = tagger::read_scores(run ? path / "validation_scores.csv" : path, options.reading.kind);
  auto targets = read_any_targets(options.targets.value_or(path / "validation_targets.csv"));
  side.targets = tagger::match_targets(only_scored(std::move(targets), side.scores), side.scores);
  if (run && !options.reading.threshold) {
    side.decision.threshold = tagger::read_evaluation(path / "metrics.json").threshold;
  }
  return side;
}

/// The rows of `side` that are these pictures, with its columns in the order of `labels`.
/// \throws DataError when the labels are not the same
void bring_into_order(Side& side, const std::vector<Eigen::Index>& rows, const Side& first) {
  const auto columns =
      tagger::detail::places(first.scores.labels, first.scores.source, side.scores.labels, side.scores.source, "label");
  side.scores.values = tagger::ScoreMatrix(side.scores.values(rows, columns));
  side.targets.values = tagger::LabelMatrix(side.targets.values(rows, columns));
}

/// Leaves both with the pictures that both have, in the first one's order.
/// \returns how many pictures only one of them has
/// \throws DataError when labels or targets differ, or no picture is in both
std::size_t keep_common(Side& first, Side& second) {
  std::vector<Eigen::Index> first_rows, second_rows;
  if (first.scores.images.empty() != second.scores.images.empty()) {
    const Side& nameless = first.scores.images.empty() ? first : second;
    throw tagger::DataError(nameless.scores.source, "", "does not name its pictures, and the other one does");
  }
  std::size_t alone = 0;
  if (first.scores.images.empty()) {
    if (first.scores.values.rows() != second.scores.values.rows()) {
      throw tagger::DataError(
          second.scores.source, "",
          "has another number of pictures than " + first.scores.source.string() + ", and neither names them");
    }
    for (Eigen::Index row = 0; row < first.scores.values.rows(); ++row) first_rows.push_back(row);
    second_rows = first_rows;
  } else {
    std::unordered_map<std::string, Eigen::Index> places;
    for (const auto& image : second.scores.images) places.emplace(image, std::ssize(places));
    for (std::size_t row = 0; row < first.scores.images.size(); ++row) {
      const auto found = places.find(first.scores.images[row]);
      if (found == places.end()) continue;
      first_rows.push_back(static_cast<Eigen::Index>(row));
      second_rows.push_back(found->second);
    }
    alone = first.scores.images.size() + second.scores.images.size() - 2 * first_rows.size();
    if (first_rows.empty()) {
      throw tagger::DataError(second.scores.source, "", "has no picture of " + first.scores.source.string());
    }
  }
  bring_into_order(second, second_rows, first);
  bring_into_order(first, first_rows, first);
  for (Eigen::Index row = 0; row < first.targets.values.rows(); ++row) {
    for (Eigen::Index label = 0; label < first.targets.values.cols(); ++label) {
      if (first.targets.values(row, label) == second.targets.values(row, label)) continue;
      const auto picture = static_cast<std::size_t>(first_rows[static_cast<std::size_t>(row)]);
      throw tagger::DataError(
          second.targets.source, "",
          "differs from " + first.targets.source.string() + " in label \"" +
              first.scores.labels[static_cast<std::size_t>(label)] + "\" of " +
              (first.scores.images.empty() ? "picture " + std::to_string(row) : first.scores.images[picture]));
    }
  }
  std::vector<std::string> images;
  for (const auto row : first_rows) {
    if (!first.scores.images.empty()) images.push_back(first.scores.images[static_cast<std::size_t>(row)]);
  }
  first.scores.images = second.scores.images = std::move(images);
  return alone;
}

tagger::ComparedRun compared_run(const Side& side, const Side& first, const CompareOptions& options) {
  auto evaluating = options.evaluation.of(side.decision, options.reading.kind, side.scores.values.size());
  evaluating.bootstrap.resamples = 0;
  const auto& labels = first.scores.labels;
  tagger::ComparedRun run{
      .name = side.name,
      .evaluation = tagger::evaluate_scores(first.targets.values, side.scores.values, labels, evaluating)};
  std::vector<std::string> images = side.scores.images;
  images.resize(static_cast<std::size_t>(side.scores.values.rows()));
  const tagger::PictureScores set{.labels = labels,
                                  .images = std::move(images),
                                  .targets = first.targets.values,
                                  .scores = side.scores.values,
                                  .predictions = tagger::decide(side.scores.values, side.decision),
                                  .probabilities = options.reading.kind == tagger::ScoreKind::probability};
  for (Eigen::Index label = 0; label < std::ssize(labels); ++label) {
    run.curves.push_back(tagger::label_curves(set, label));
  }
  return run;
}

int compare(const CompareOptions& options) {
  if (options.both.size() != 2) {
    throw tagger::OptionError("two runs are compared, not " + std::to_string(options.both.size()));
  }
  Side first = read_side(options.both[0], options), second = read_side(options.both[1], options);
  if (first.name == second.name) first.name = options.both[0].string(), second.name = options.both[1].string();
  const auto alone = keep_common(first, second);
  const auto evaluating = options.evaluation.of({}, options.reading.kind, first.scores.values.size());
  const auto differences =
      tagger::compare_scores(first.targets.values, {first.scores.values, first.decision},
                             {second.scores.values, second.decision}, first.scores.labels, evaluating);
  std::cout << comparison_table(differences, first.name, second.name) << "\nOn " << first.scores.values.rows()
            << " pictures";
  if (alone > 0) std::cout << "; " << alone << " that only one has are left out";
  std::cout << ".\n";
  if (evaluating.bootstrap.resamples > 0) {
    std::cout << "A difference is the second less the first. p: how often a permutation test, which exchanges the two "
                 "for each picture\nat random, finds one as large. Of twenty numbers that do not differ, one is below "
                 "0.05.\n";
  }
  std::cout << std::flush;
  if (options.json) tagger::write_file(*options.json, tagger::dump_json(tagger::to_json(differences), 2) + "\n");
  if (options.page) {
    tagger::write_file(*options.page, tagger::render_comparison(compared_run(first, first, options),
                                                                compared_run(second, first, options), differences));
  }
  return 0;
}

}  // namespace

tagger::Command compare_command() {
  return tagger::command<CompareOptions>("compare", "Compare two taggers on the same pictures.", compare);
}

}  // namespace tagger_program
