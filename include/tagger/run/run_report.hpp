#pragma once

#include <utility>

#include <tagger/data/score_kind.hpp>
#include <tagger/data/score_table.hpp>
#include <tagger/loader/dataset.hpp>
#include <tagger/report/folder_thumbnails.hpp>
#include <tagger/report/metrics_json.hpp>
#include <tagger/report/page.hpp>
#include <tagger/run/pictures.hpp>
#include <tagger/run/run_result.hpp>
#include <tagger/threshold/decision.hpp>

namespace tagger {

/// Writes what is said of a run into its folder:
///
///     RUN/metrics.json                                    the best epoch's scores on the test set
///     RUN/validation_scores.csv, validation_targets.csv   of the test set, what `tagger compare` reads
///     RUN/report.html                                     the page for a person
///
/// Nothing of one that was stopped. The folder is free for others then.
/// \throws FileError
inline RunResult write_run_report(FittedRun run, const Dataset& train, const Dataset& test) {
  const RunResult& result = run.result;
  if (result.fit.stopped) return std::move(run.result);
  const auto& folder = run.lock.folder();
  write_evaluation(folder / "metrics.json", result.evaluation);
  constexpr int sample_count = 12, gallery_count = 60;
  const auto& scores = result.scored.scores;
  const auto set =
      picture_scores(test, result.scored, decide(scores, {.threshold = result.evaluation.threshold}), result.kind);
  const auto pictures = folder_thumbnails(test.folder, set.images, test.decode);
  if (scores.isFinite().all()) {
    write_scores(folder / "validation_scores.csv", {set.images, set.labels, set.scores, {}});
    write_targets(folder / "validation_targets.csv", {set.images, set.labels, set.targets, {}});
  }
  write_page(folder / "report.html", {.title = folder.filename().string(),
                                      .facts = result.facts,
                                      .distribution = label_shares(train.annotations, test.annotations),
                                      .history = result.fit.history,
                                      .evaluation = result.evaluation,
                                      .samples = sample_pictures(train, sample_count),
                                      .gallery = gallery(set, pictures, gallery_count),
                                      .details = score_details(set, pictures)});
  return std::move(run.result);
}

}  // namespace tagger
