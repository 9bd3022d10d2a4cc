#pragma once

#include <concepts>
#include <span>
#include <string_view>
#include <tuple>

#include <Eigen/Core>

#include <tagger/averaging/concept.hpp>
#include <tagger/metrics/counts.hpp>
#include <tagger/metrics/ranking.hpp>

namespace tagger {

/// A metric of counts turns them into a value for each slice and knows nothing of averaging.
///
/// | Expression  | Returns                          | Semantics                                             |
/// |-------------|----------------------------------|-------------------------------------------------------|
/// | `M::name`   | convertible to std::string_view  | the part of "macro/f1" after the stroke               |
/// | `m(counts)` | convertible to Eigen::ArrayXd    | (S): each slice's value; NaN is left out of averages   |
///
/// Models: Precision, Recall, F1, FBeta, Jaccard, Specificity, BalancedAccuracy, Matthews, HammingLoss, SubsetAccuracy.
template <class M>
concept Metric = std::copy_constructible<M> && requires(const M& metric, const Counts& counts) {
  { M::name } -> std::convertible_to<std::string_view>;
  { metric(counts) } -> std::convertible_to<Eigen::ArrayXd>;
};

/// A metric of scores turns the ordered scores and targets of one slice into a value.
///
/// | Expression  | Returns                          | Semantics                                             |
/// |-------------|----------------------------------|-------------------------------------------------------|
/// | `M::name`   | convertible to std::string_view  | the part of "macro/roc_auc" after the stroke          |
/// | `m(slice)`  | convertible to double            | the slice's value; NaN is left out of averages        |
///
/// `M::of_probabilities`, where it is there and true, says that scores must lie in [0, 1].
/// Models: AveragePrecision, InterpolatedAveragePrecision, ElevenPointAveragePrecision, RocAuc, CoverageError,
/// LabelRankingAveragePrecision, RankingLoss, OneError, Ndcg, LogLoss, Brier, ExpectedCalibrationError.
template <class M>
concept ScoreMetric = std::copy_constructible<M> && requires(const M& metric, ScoredSlice slice) {
  { M::name } -> std::convertible_to<std::string_view>;
  { metric(slice) } -> std::convertible_to<double>;
};

/// A metric of means combines what an averaging has made of other metrics, where another one combines first and
/// averages then.
///
/// | Expression    | Returns                         | Semantics                                              |
/// |---------------|---------------------------------|--------------------------------------------------------|
/// | `M::name`     | convertible to std::string_view | the part of "macro/f1_of_means" after the stroke       |
/// | `m.parts()`   | a std::tuple of Metrics         | whose averages it is given                             |
/// | `m(averages)` | convertible to double           | of their averages, in their order                      |
///
/// Models: F1OfMeans.
template <class M>
concept MetricOfMeans = std::copy_constructible<M> && requires(const M& metric, std::span<const double> averages) {
  { M::name } -> std::convertible_to<std::string_view>;
  std::tuple_size<decltype(metric.parts())>::value;
  { metric(averages) } -> std::convertible_to<double>;
};

/// A metric that is published with one averaging only, `M::AveragedBy`, and named after itself alone: "ranking_loss".
template <class M>
concept AveragedMetric = (Metric<M> || ScoreMetric<M>) && Averaging<typename M::AveragedBy>;

}  // namespace tagger
