#pragma once

#include <charconv>
#include <cstddef>
#include <cstdint>
#include <iterator>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <tagger/configurable.hpp>
#include <tagger/data/label.hpp>
#include <tagger/error.hpp>
#include <tagger/metrics/bootstrap.hpp>
#include <tagger/metrics/evaluation.hpp>
#include <tagger/metrics/metric_set.hpp>
#include <tagger/metrics/prepared_metrics.hpp>
#include <tagger/metrics/scored_pictures.hpp>
#include <tagger/metrics/standard_metrics.hpp>
#include <tagger/threshold/decision.hpp>

namespace tagger {

struct EvaluateScoresOptions {
  Decision decision{};  ///< what is predicted of the scores
  MetricDefinitions definitions{};
  BootstrapOptions bootstrap{.resamples = 0};
};

namespace detail {

/// The number that has the float's shortest digits: 0.3F is 0.3.
inline double decimal(float value) {
  char digits[32];
  const auto end = std::to_chars(digits, digits + sizeof digits, value).ptr;
  double number = static_cast<double>(value);
  std::from_chars(digits, end, number);
  return number;
}

inline std::string decision_text(const Decision& decision) {
  std::string text =
      decision.thresholds.empty() ? "score > " + number_text(decision.threshold) : "score > the label's threshold";
  if (!decision.exclusive.empty()) text += ", one of an exclusive group";
  if (decision.top_k > 0) text += ", the best " + std::to_string(decision.top_k);
  return text;
}

inline std::vector<std::pair<std::string, std::string>> definition_texts(const EvaluateScoresOptions& options) {
  std::vector<std::pair<std::string, std::string>> texts{{"decision", decision_text(options.decision)},
                                                         {"average_precision", "step"}};
  for (const auto& field : fields_of(options.definitions)) texts.emplace_back(field.name, field.default_value);
  if (options.bootstrap.resamples > 0) {
    texts.emplace_back("intervals", "percentile bootstrap over pictures");
    texts.emplace_back("confidence", number_text(options.bootstrap.confidence));
    texts.emplace_back("resamples", std::to_string(options.bootstrap.resamples));
    texts.emplace_back("seed", std::to_string(options.bootstrap.seed));
  }
  return texts;
}

/// \throws DataError that names the label, where the rule says so
inline void check_positives(const Confusion& confusion, const std::vector<std::string>& labels,
                            const MetricDefinitions& definitions) {
  if (definitions.without_positives != WithoutPositives::error) return;
  const CountArray support = confusion.by_label().support();
  for (Eigen::Index label = 0; label < support.size(); ++label) {
    if (support[label] > 0) continue;
    throw DataError("label \"" + labels[static_cast<std::size_t>(label)] +
                    "\" is a yes in no picture, so that it has no average precision");
  }
}

/// Where the numbers of a label's row are, in the order of label_metrics().
inline void set_label_number(LabelScore& row, std::size_t number, double value) {
  double* const always[]{&row.precision, &row.recall, &row.f1};
  std::optional<double>* const computed[]{&row.average_precision, &row.roc_auc, &row.brier,
                                          &row.expected_calibration_error};
  if (number < std::size(always)) {
    *always[number] = value;
  } else {
    *computed[number - std::size(always)] = value;
  }
}

inline std::vector<LabelScore> label_rows(const Confusion& confusion, const std::vector<std::string>& labels,
                                          const Decision& decision) {
  const Counts& counts = confusion.by_label();
  std::vector<LabelScore> rows;
  for (Eigen::Index i = 0; i < counts.size(); ++i) {
    const std::int64_t support = counts.tp[i] + counts.fn[i], absent = counts.fp[i] + counts.tn[i];
    const auto label = static_cast<std::size_t>(i);
    rows.push_back(
        {.name = labels[label],
         .support = support,
         .absent = absent,
         .unknown = confusion.samples() - support - absent,
         .threshold = decision.thresholds.empty() ? decision.threshold : decimal(decision.thresholds[label])});
  }
  return rows;
}

}  // namespace detail

/// Compares scores with targets: every number of `metrics`, a row a label, and where they are asked for, intervals of
/// all of them. A label that is unknown for a picture has no part in anything. Intervals of labels are left out where
/// they would take more than a quarter of a gigabyte.
/// \param targets  (N, K)
/// \param scores   (N, K): finite; probabilities unless the definitions say that they are none
/// \param labels   (K)
/// \throws DataError when shapes differ, or a score is not what it must be
inline Evaluation evaluate_scores(const LabelMatrix& targets, const ScoreMatrix& scores,
                                  const std::vector<std::string>& labels, const EvaluateScoresOptions& options,
                                  const MetricSet& metrics) {
  const LabelMatrix predictions = decide(scores, options.decision);
  const ScoredPictures scored{targets, scores, predictions};
  check_scored_pictures(scored, labels, metrics.of_probabilities());

  const BootstrapOptions& bootstrapping = options.bootstrap;
  MetricSet rows = label_metrics(options.definitions), all = metrics;
  all.add(rows);
  const std::size_t row_numbers = rows.numbers().size();
  const bool intervals = bootstrapping.resamples > 0;
  const auto entries = static_cast<std::int64_t>(row_numbers * labels.size()) * bootstrapping.resamples;
  const bool row_intervals = intervals && entries <= std::int64_t{1} << 25;
  using Orders = PreparedMetrics::Orders;
  const PreparedMetrics prepared(scored, all, row_intervals ? Orders::kept : Orders::made_when_needed,
                                 bootstrapping.threads);
  detail::check_positives(prepared.confusion(), labels, options.definitions);
  Eigen::ArrayXXd resampled;
  if (row_intervals) {
    resampled = bootstrap(prepared, bootstrapping);
  } else if (intervals) {
    resampled = bootstrap(PreparedMetrics(scored, metrics, Orders::kept, bootstrapping.threads), bootstrapping);
  }

  Evaluation evaluation{.samples = targets.rows(),
                        .threshold = options.decision.threshold,
                        .metrics = {},
                        .labels = detail::label_rows(prepared.confusion(), labels, options.decision),
                        .intervals = {},
                        .definitions = detail::definition_texts(options)};
  const std::vector<double> numbers = prepared({}, bootstrapping.threads);
  const auto interval = [&](std::size_t place) {
    const Eigen::ArrayXd values = resampled.row(static_cast<Eigen::Index>(place));
    return percentile_interval({values.begin(), values.end()}, bootstrapping.confidence);
  };
  const auto names = all.names(labels);
  const std::size_t first_row = numbers.size() - row_numbers * labels.size();
  for (std::size_t i = 0; i < first_row; ++i) {
    evaluation.metrics.emplace_back(names[i], numbers[i]);
    if (intervals) evaluation.intervals.emplace_back(names[i], interval(i));
  }
  for (std::size_t i = first_row; i < numbers.size(); ++i) {
    const std::size_t number = (i - first_row) / labels.size();
    LabelScore& row = evaluation.labels[(i - first_row) % labels.size()];
    detail::set_label_number(row, number, numbers[i]);
    if (row_intervals) row.intervals.emplace_back(label_number_names[number], interval(i));
  }
  return evaluation;
}

/// With standard_metrics().
inline Evaluation evaluate_scores(const LabelMatrix& targets, const ScoreMatrix& scores,
                                  const std::vector<std::string>& labels, const EvaluateScoresOptions& options = {}) {
  return evaluate_scores(targets, scores, labels, options, standard_metrics(options.definitions));
}

}  // namespace tagger
