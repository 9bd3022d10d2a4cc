#pragma once

#include <tuple>
#include <type_traits>

#include <tagger/metrics/evaluate_scores.hpp>
#include <tagger/metrics/metric_set.hpp>
#include <tagger/metrics/standard_metrics.hpp>
#include <tagger/model/tagger.hpp>
#include <tagger/predict/score.hpp>

namespace tagger {

/// Everything that is reported of scores: the tagger's averagings first, then what standard_metrics() has beyond them.
/// Without scores to rank, as of a network that gives NaN, only the first.
/// \param options  `definitions.probabilities` is set here. \throws DataError when there is no picture
template <AnyTaggerType Model>
Evaluation evaluate_all(const Model& model, const ScoredDataset& scored, EvaluateScoresOptions options) {
  const Evaluation own = evaluate(
      model, scored, {.threshold = options.decision.threshold, .zero_division = options.definitions.zero_division});
  if (!scored.scores.isFinite().all()) return own;
  options.definitions.probabilities = kind_of(model.meaning()) == ScoreKind::probability;
  MetricSet metrics = [&]<class... A>(std::type_identity<std::tuple<A...>>) {
    const ZeroDivision rule = options.definitions.zero_division;
    return MetricSet().add(std::tuple{Precision{rule}, Recall{rule}, F1{rule}}, std::tuple<A...>{});
  }(std::type_identity<typename Model::AveragingTypes>{});
  metrics.add_missing(standard_metrics(options.definitions));
  return evaluate_scores(scored.targets, scored.scores, model.labels(), options, metrics);
}

}  // namespace tagger
