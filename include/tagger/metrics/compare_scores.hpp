#pragma once

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include <tagger/data/label.hpp>
#include <tagger/metrics/bootstrap.hpp>
#include <tagger/metrics/evaluate_scores.hpp>
#include <tagger/metrics/evaluation.hpp>
#include <tagger/metrics/metric_difference.hpp>
#include <tagger/metrics/metric_set.hpp>
#include <tagger/metrics/parallel.hpp>
#include <tagger/metrics/prepared_metrics.hpp>
#include <tagger/metrics/scored_pictures.hpp>
#include <tagger/random.hpp>

namespace tagger {

/// What one tagger says of the pictures: its scores, and what it decides of them.
struct ComparedScores {
  const ScoreMatrix& scores;  ///< (N, K)
  Decision decision{};
};

namespace detail {

template <class Matrix>
Matrix stacked(const Matrix& upper, const Matrix& lower) {
  Matrix both(upper.rows() + lower.rows(), upper.cols());
  both << upper, lower;
  return both;
}

/// Which of the two taggers speaks for each picture, drawn at random; for the second call the other one.
/// \returns (2 N): of the first tagger's pictures, then of the second's
inline std::vector<std::uint32_t> exchanged(std::int64_t pictures, std::uint64_t seed, std::int64_t draw, bool other) {
  constexpr std::uint64_t apart = 1;  // from the bootstrap's numbers of the same seed
  std::vector<std::uint32_t> weights(static_cast<std::size_t>(2 * pictures));
  Random random{seed, apart, static_cast<std::uint64_t>(draw)};
  for (std::int64_t i = 0; i < pictures; ++i) {
    weights[static_cast<std::size_t>((random() % 2 == 0) != other ? i : pictures + i)] = 1;
  }
  return weights;
}

}  // namespace detail

/// Compares two taggers on the same pictures, number by number. The interval is the percentile bootstrap's: each
/// resample draws the same pictures for both. The p value is that of a permutation test: if it made no difference which
/// tagger speaks, exchanging the two at random for each picture would give as large a difference (on either side) this
/// often; (1 + as large) / (1 + draws). Noreen, Computer-intensive methods for testing hypotheses, 1989; Yeh, "More
/// accurate tests for the statistical significance of result differences", COLING 2000. Many numbers are tested here:
/// of twenty that do not differ, one is below 0.05.
/// \param targets  (N, K)
/// \param labels   (K)
/// \param options  of both; the decision is each tagger's own
/// \throws DataError as evaluate_scores()
inline std::vector<MetricDifference> compare_scores(const LabelMatrix& targets, const ComparedScores& first,
                                                    const ComparedScores& second,
                                                    const std::vector<std::string>& labels,
                                                    const EvaluateScoresOptions& options, const MetricSet& metrics) {
  const LabelMatrix first_predictions = decide(first.scores, first.decision);
  const LabelMatrix second_predictions = decide(second.scores, second.decision);
  const ScoredPictures one{targets, first.scores, first_predictions}, two{targets, second.scores, second_predictions};
  check_scored_pictures(one, labels, metrics.of_probabilities());
  check_scored_pictures(two, labels, metrics.of_probabilities());
  const BootstrapOptions& drawing = options.bootstrap;
  using enum PreparedMetrics::Orders;
  const auto orders = drawing.resamples > 0 ? kept : made_when_needed;
  const PreparedMetrics of_first(one, metrics, orders, drawing.threads);
  const PreparedMetrics of_second(two, metrics, orders, drawing.threads);
  detail::check_positives(of_first.confusion(), labels, options.definitions);

  const auto names = metrics.names(labels);
  const auto a = of_first({}, drawing.threads), b = of_second({}, drawing.threads);
  std::vector<MetricDifference> differences;
  for (std::size_t i = 0; i < names.size(); ++i)
    differences.push_back({.name = names[i], .first = a[i], .second = b[i]});
  if (drawing.resamples == 0) return differences;

  const Eigen::ArrayXXd resampled = bootstrap(of_second, drawing) - bootstrap(of_first, drawing);
  const LabelMatrix all_targets = detail::stacked(targets, targets);
  const ScoreMatrix all_scores = detail::stacked(first.scores, second.scores);
  const LabelMatrix all_predictions = detail::stacked(first_predictions, second_predictions);
  const PreparedMetrics of_both({all_targets, all_scores, all_predictions}, metrics, kept, drawing.threads);
  std::vector<std::vector<double>> exchanged(static_cast<std::size_t>(drawing.resamples));
  detail::parallel_for(drawing.resamples, drawing.threads, [&](std::int64_t draw) {
    auto& difference = exchanged[static_cast<std::size_t>(draw)];
    difference = of_both(detail::exchanged(targets.rows(), drawing.seed, draw, true));
    const auto others = of_both(detail::exchanged(targets.rows(), drawing.seed, draw, false));
    for (std::size_t i = 0; i < difference.size(); ++i) difference[i] -= others[i];
  });
  for (std::size_t i = 0; i < names.size(); ++i) {
    const Eigen::ArrayXd values = resampled.row(static_cast<Eigen::Index>(i));
    differences[i].interval = percentile_interval({values.begin(), values.end()}, drawing.confidence);
    const double seen = std::abs(b[i] - a[i]);
    std::int64_t as_large = 0, defined = 0;
    for (const auto& difference : exchanged) {
      as_large += std::abs(difference[i]) >= seen - 1e-12;  // sums in another order may round otherwise
      defined += !std::isnan(difference[i]);
    }
    differences[i].p_value =
        std::isnan(seen) ? seen : static_cast<double>(1 + as_large) / static_cast<double>(1 + defined);
  }
  return differences;
}

/// With standard_metrics().
inline std::vector<MetricDifference> compare_scores(const LabelMatrix& targets, const ComparedScores& first,
                                                    const ComparedScores& second,
                                                    const std::vector<std::string>& labels,
                                                    const EvaluateScoresOptions& options = {.bootstrap = {}}) {
  return compare_scores(targets, first, second, labels, options, standard_metrics(options.definitions));
}

}  // namespace tagger
