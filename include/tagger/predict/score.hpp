#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

#include <tagger/activation/scores.hpp>
#include <tagger/data/label.hpp>
#include <tagger/error.hpp>
#include <tagger/loader/batch.hpp>
#include <tagger/loader/dataset.hpp>
#include <tagger/loader/loader.hpp>
#include <tagger/metrics/cardinality_threshold.hpp>
#include <tagger/metrics/evaluate.hpp>
#include <tagger/model/autocast.hpp>
#include <tagger/model/evaluation_mode.hpp>
#include <tagger/model/tagger.hpp>
#include <tagger/predict/score_options.hpp>
#include <tagger/predict/scored_dataset.hpp>

namespace tagger {

/// (N, K) on any device as an Eigen matrix.
inline ScoreMatrix as_matrix(const Scores& scores) {
  const at::Tensor values = scores.values.detach().to(at::kCPU, at::kFloat).contiguous();
  return Eigen::Map<const ScoreMatrix>(values.const_data_ptr<float>(), values.size(0), values.size(1));
}

/// \throws DataError when the dataset's labels are not the tagger's, in its order
template <AnyTaggerType Model>
void check_labels(const Model& model, const Dataset& dataset) {
  if (dataset.annotations.labels() == model.labels()) return;
  throw DataError(dataset.annotations.source(), "labels",
                  "these are not the tagger's labels, or not in its order; match_labels() brings them into it");
}

/// Scores every picture of `dataset`. \throws FileError when its folder is not there, DataError when its labels are not
/// the tagger's
template <AnyTaggerType Model>
ScoredDataset score(Model& model, const Dataset& dataset, const ScoreOptions& options = {}) {
  check_labels(model, dataset);
  dataset.check_folder();
  const EvaluationMode evaluation(model);
  const at::Device device = model.parameters().front().device();
  ScoredDataset scored{.scores = ScoreMatrix(dataset.size(), dataset.label_count()),
                       .targets = LabelMatrix(dataset.size(), dataset.label_count()),
                       .indices = {},
                       .broken = {}};
  Loader loader(dataset, {.batch_size = options.batch_size,
                          .workers = options.workers,
                          .fail_on_broken = options.fail_on_broken,
                          .pinned = device.is_cuda()});
  if (options.progress) options.progress(0, dataset.size());
  while (auto batch = loader.next()) {
    const auto begin = static_cast<Eigen::Index>(scored.indices.size());
    if (batch->size() > 0) {
      const Autocast autocast(options.arithmetic, device.type());
      scored.scores.middleRows(begin, batch->size()) =
          as_matrix(model.scores(on_device(batch->images, device), batch->features));
      scored.targets.middleRows(begin, batch->size()) = batch->labels;
    }
    scored.indices.insert(scored.indices.end(), batch->indices.begin(), batch->indices.end());
    scored.broken.insert(scored.broken.end(), batch->broken.begin(), batch->broken.end());
    if (options.progress) {
      options.progress(static_cast<std::int64_t>(scored.indices.size() + scored.broken.size()), dataset.size());
    }
    if (options.stop && options.stop()) break;
  }
  scored.scores.conservativeResize(static_cast<Eigen::Index>(scored.indices.size()), Eigen::NoChange);
  scored.targets.conservativeResize(static_cast<Eigen::Index>(scored.indices.size()), Eigen::NoChange);
  return scored;
}

/// Above which score a label is predicted: what was `chosen`; else what the meaning of the scores implies; where that
/// implies nothing, cardinality_threshold().
template <AnyTaggerType Model>
double threshold_for(const Model& model, const ScoreMatrix& scores, std::optional<double> chosen,
                     double labels_per_picture) {
  if (chosen) return *chosen;
  if (const auto implied = model.meaning().threshold) return *implied;
  return cardinality_threshold(scores, labels_per_picture);
}

/// Precision, recall and F1 of scores under the tagger's averagings. \throws DataError when there is no picture
template <AnyTaggerType Model>
Evaluation evaluate(const Model& model, const ScoredDataset& scored, const EvaluateOptions& options = {}) {
  check_any_scored(scored);
  Confusion confusion(model.label_count());
  confusion.add(scored.targets, scored.scores, options.threshold);
  return [&]<class... A>(std::type_identity<std::tuple<A...>>) {
    return evaluate<A...>(confusion, model.labels(), options);
  }(std::type_identity<typename Model::AveragingTypes>{});
}

/// Scores `dataset` and compares the scores with its labels.
template <AnyTaggerType Model>
Evaluation evaluate(Model& model, const Dataset& dataset, const ScoreOptions& scoring = {},
                    const EvaluateOptions& options = {}) {
  return evaluate(std::as_const(model), score(model, dataset, scoring), options);
}

}  // namespace tagger
