#pragma once

#include <cstdint>
#include <limits>
#include <optional>
#include <utility>

#include <tagger/loader/dataset.hpp>
#include <tagger/metrics/evaluation.hpp>
#include <tagger/metrics/standard_metrics.hpp>
#include <tagger/model/tagger.hpp>
#include <tagger/predict/evaluate_all.hpp>
#include <tagger/predict/score.hpp>
#include <tagger/train/broken_pictures.hpp>
#include <tagger/train/fit_options.hpp>
#include <tagger/train/observers.hpp>

namespace tagger {

/// How a model does on the test set, and the scores that say so.
struct TestResult {
  ScoredDataset scored;
  Evaluation evaluation;
};

/// The pictures that a training is measured on, and the number that decides which epoch is best.
template <AnyTaggerType Model>
class TestSet {
 public:
  /// All must outlive this.
  /// \param labels_per_picture  of the training set
  /// \throws DataError when labels are not the tagger's, FileError when there is no such folder,
  /// OptionError when no metric is called `options.select_by`
  TestSet(Model& model, const Dataset& pictures, const FitOptions& options, const Observers& observers,
          double labels_per_picture)
      : model_(model),
        pictures_(pictures),
        options_(options),
        observers_(observers),
        labels_per_picture_(labels_per_picture) {
    check_threshold(model.meaning(), options.threshold);
    check_labels(model, pictures);
    pictures.check_folder();
    if (!options.select_by.empty()) nothing_evaluated().at(options.select_by);
  }

  /// How the model as it stands does; nothing when `options.stop` ended it.
  std::optional<TestResult> evaluate(BrokenPictures& broken) const {
    const auto progress = [this](std::int64_t done, std::int64_t total) {
      observers_.tell(&Observer::on_test_progress, {.done = done, .total = total});
    };
    ScoredDataset scored = score(model_, pictures_,
                                 {.batch_size = options_.batch_size,
                                  .workers = options_.workers,
                                  .arithmetic = options_.arithmetic,
                                  .fail_on_broken = options_.fail_on_broken,
                                  .progress = progress,
                                  .stop = options_.stop});
    if (options_.stop && options_.stop()) return std::nullopt;
    broken.add(scored.broken, observers_);
    auto evaluation = evaluated(scored, threshold(scored.scores));
    return TestResult{std::move(scored), std::move(evaluation)};
  }

  double threshold(const ScoreMatrix& scores) const {
    return threshold_for(model_, scores, options_.threshold, labels_per_picture_);
  }

  /// The metric that selects, so that the larger is the better.
  double selecting(const Evaluation& evaluation) const {
    if (!options_.select_by.empty()) {
      const double value = evaluation.at(options_.select_by);
      return smaller_is_better(options_.select_by) ? -value : value;
    }
    return evaluation.has("macro/f1") ? evaluation.at("macro/f1") : evaluation.metrics.back().second;
  }

 private:
  /// Precision, recall and F1, and the metric that selects where it is none of these: NaN for scores that are none.
  Evaluation evaluated(const ScoredDataset& scored, double threshold) const {
    Evaluation evaluation = tagger::evaluate(std::as_const(model_), scored, {.threshold = threshold});
    if (options_.select_by.empty() || evaluation.has(options_.select_by)) return evaluation;
    const bool any = scored.scores.isFinite().all();
    evaluation.metrics.emplace_back(
        options_.select_by,
        any ? evaluate_all(model_, scored, {.decision = {.threshold = threshold}}).at(options_.select_by)
            : std::numeric_limits<double>::quiet_NaN());
    return evaluation;
  }

  /// An evaluation with all the names and none of the pictures.
  Evaluation nothing_evaluated() const {
    ScoredDataset none{.scores = ScoreMatrix::Zero(1, model_.label_count()),
                       .targets = LabelMatrix::Zero(1, model_.label_count()),
                       .indices = {0},
                       .broken = {}};
    return evaluate_all(model_, none, {});
  }

  Model& model_;
  const Dataset& pictures_;
  const FitOptions& options_;
  const Observers& observers_;
  double labels_per_picture_;
};

}  // namespace tagger
