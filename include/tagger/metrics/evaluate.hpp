#pragma once

#include <cstdint>
#include <iterator>
#include <string>
#include <string_view>
#include <tuple>
#include <utility>
#include <vector>

#include <Eigen/Core>

#include <tagger/averaging/concept.hpp>
#include <tagger/data/label.hpp>
#include <tagger/error.hpp>
#include <tagger/metrics/concept.hpp>
#include <tagger/metrics/confusion.hpp>
#include <tagger/metrics/evaluation.hpp>
#include <tagger/metrics/f1.hpp>
#include <tagger/metrics/metric_values.hpp>
#include <tagger/metrics/precision.hpp>
#include <tagger/metrics/recall.hpp>
#include <tagger/metrics/zero_division.hpp>

namespace tagger {

struct EvaluateOptions {
  double threshold = 0.5;  ///< a label is predicted where score > threshold
  ZeroDivision zero_division = ZeroDivision::zero;
};

namespace detail {

inline std::string join(std::string_view averaging, std::string_view metric) {
  return std::string(averaging).append("/").append(metric);
}

inline void append(Evaluation& evaluation, std::string name, double average) {
  evaluation.metrics.emplace_back(std::move(name), average);
}

inline void append(Evaluation& evaluation, std::string name, const Eigen::ArrayXd& averages) {
  if (averages.size() != std::ssize(evaluation.labels)) {
    throw DataError(name + " has " + std::to_string(averages.size()) + " values for " +
                    std::to_string(evaluation.labels.size()) + " labels");
  }
  for (Eigen::Index i = 0; i < averages.size(); ++i) {
    evaluation.metrics.emplace_back(name + "/" + evaluation.labels[static_cast<std::size_t>(i)].name, averages[i]);
  }
}

inline std::vector<LabelScore> label_scores(const Confusion& confusion, const std::vector<std::string>& labels,
                                            ZeroDivision zero_division) {
  const Counts& counts = confusion.by_label();
  const CountArray support = counts.support();
  const Eigen::ArrayXd precision = Precision{zero_division}(counts);
  const Eigen::ArrayXd recall = Recall{zero_division}(counts);
  const Eigen::ArrayXd f1 = F1{zero_division}(counts);
  std::vector<LabelScore> rows;
  rows.reserve(labels.size());
  for (Eigen::Index i = 0; i < counts.size(); ++i) {
    rows.push_back({.name = labels[static_cast<std::size_t>(i)],
                    .support = support[i],
                    .precision = precision[i],
                    .recall = recall[i],
                    .f1 = f1[i],
                    .absent = counts.fp[i] + counts.tn[i],
                    .unknown = confusion.samples() - support[i] - counts.fp[i] - counts.tn[i]});
  }
  return rows;
}

}  // namespace detail

/// Every metric under every averaging, named "macro/f1", averaging by averaging in the given order; and the row of
/// each label.
/// \param labels   the names of the confusion's K labels
/// \param options  `threshold` is only noted: the confusion has been counted
/// \throws DataError when there are not K names
template <Metric... M, Averaging... A>
Evaluation evaluate(const Confusion& confusion, const std::vector<std::string>& labels, const std::tuple<M...>& metrics,
                    const std::tuple<A...>& averagings, const EvaluateOptions& options = {}) {
  if (std::ssize(labels) != confusion.labels()) {
    throw DataError("there are " + std::to_string(labels.size()) + " label names for counts of " +
                    std::to_string(confusion.labels()) + " labels");
  }
  Evaluation evaluation{.samples = confusion.samples(), .threshold = options.threshold, .metrics = {}, .labels = {}};
  evaluation.labels = detail::label_scores(confusion, labels, options.zero_division);
  const auto add = [&](const auto& averaging) {
    const Counts slices = confusion.of(averaging.slices);
    const auto add_one = [&](const auto& metric) {
      detail::append(evaluation, detail::join(averaging.name, metric.name),
                     averaging.average(metric_values(metric, slices), slices));
    };
    std::apply([&](const auto&... metric) { (add_one(metric), ...); }, metrics);
  };
  std::apply([&](const auto&... averaging) { (add(averaging), ...); }, averagings);
  return evaluation;
}

/// Precision, recall and F1 under each averaging: `evaluate<Micro, Macro, Samples>(confusion, labels)`.
template <Averaging... A>
Evaluation evaluate(const Confusion& confusion, const std::vector<std::string>& labels,
                    const EvaluateOptions& options = {}) {
  const ZeroDivision rule = options.zero_division;
  return evaluate(confusion, labels, std::tuple{Precision{rule}, Recall{rule}, F1{rule}}, std::tuple<A...>{}, options);
}

}  // namespace tagger
