#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <tuple>
#include <utility>
#include <vector>

#include <tagger/averaging/macro.hpp>
#include <tagger/averaging/micro.hpp>
#include <tagger/averaging/per_label.hpp>
#include <tagger/averaging/samples.hpp>
#include <tagger/averaging/weighted.hpp>
#include <tagger/configurable.hpp>
#include <tagger/metrics/average_precision.hpp>
#include <tagger/metrics/balanced_accuracy.hpp>
#include <tagger/metrics/brier.hpp>
#include <tagger/metrics/coverage_error.hpp>
#include <tagger/metrics/eleven_point_average_precision.hpp>
#include <tagger/metrics/expected_calibration_error.hpp>
#include <tagger/metrics/f1.hpp>
#include <tagger/metrics/f1_of_means.hpp>
#include <tagger/metrics/f_beta.hpp>
#include <tagger/metrics/hamming_loss.hpp>
#include <tagger/metrics/interpolated_average_precision.hpp>
#include <tagger/metrics/jaccard.hpp>
#include <tagger/metrics/label_ranking_average_precision.hpp>
#include <tagger/metrics/log_loss.hpp>
#include <tagger/metrics/matthews.hpp>
#include <tagger/metrics/metric_set.hpp>
#include <tagger/metrics/ndcg.hpp>
#include <tagger/metrics/one_error.hpp>
#include <tagger/metrics/precision.hpp>
#include <tagger/metrics/ranking_loss.hpp>
#include <tagger/metrics/recall.hpp>
#include <tagger/metrics/roc_auc.hpp>
#include <tagger/metrics/specificity.hpp>
#include <tagger/metrics/subset_accuracy.hpp>

namespace tagger {

/// By which definitions numbers are computed that go by the same name elsewhere. What is not said is scikit-learn's.
struct MetricDefinitions {
  ZeroDivision zero_division = ZeroDivision::zero;
  WithoutPositives without_positives = WithoutPositives::zero;
  double beta = 2;            ///< of F-beta
  std::int64_t top_k = 3;     ///< of metrics "at k"
  std::int64_t bins = 15;     ///< of the expected calibration error
  bool probabilities = true;  ///< scores are such; else what needs them is left out

  template <class Self>
  static void fields(Self& self, auto&& field) {
    field("zero_division", self.zero_division, "precision, recall, F1 and the like where they are 0 / 0");
    field("without_positives", self.without_positives, "average precision of a label or picture without a yes");
    field("beta", self.beta, "how much more recall counts than precision in f_beta", above(0));
    field("top_k", self.top_k, "labels of each picture that metrics at k count as predicted", at_least(1));
    field("bins", self.bins, "parts of [0, 1] in the expected calibration error", at_least(1));
  }
};

namespace detail {

/// What is an error of a whole evaluation, which looks for it itself, is none of a picture or of a resample.
inline WithoutPositives missing(const MetricDefinitions& definitions) {
  return definitions.without_positives == WithoutPositives::zero ? WithoutPositives::zero : WithoutPositives::left_out;
}

}  // namespace detail

/// Everything that is reported of scores: the published recipe's precision, recall and F1 first, then the rest.
inline MetricSet standard_metrics(const MetricDefinitions& definitions = {}) {
  const ZeroDivision rule = definitions.zero_division;
  const WithoutPositives missing = detail::missing(definitions);
  const auto all = std::tuple{Micro{}, Macro{}, Weighted{}, Samples{}};
  const auto precision_recall_f1 = std::tuple{Precision{rule}, Recall{rule}, F1{rule}};
  MetricSet set;
  set.add(precision_recall_f1, all);
  set.add(AveragePrecision{missing}, Macro{}, Micro{}, Weighted{}, Samples{});
  set.add(InterpolatedAveragePrecision{missing}, Macro{});
  set.add(ElevenPointAveragePrecision{missing}, Macro{});
  set.add(RocAuc{}, Macro{}, Micro{}, Weighted{}, Samples{});
  set.add(CoverageError{}).add(LabelRankingAveragePrecision{}).add(RankingLoss{}).add(OneError{}).add(Ndcg{});
  set.add(HammingLoss{}).add(SubsetAccuracy{});
  set.add(Jaccard{rule}, Macro{}, Micro{}, Weighted{}, Samples{});
  set.add(FBeta{definitions.beta, rule}, Macro{}, Micro{}, Weighted{}, Samples{});
  set.add(Specificity{rule}, Macro{}, Micro{});
  set.add(BalancedAccuracy{}, Macro{}, Micro{});
  set.add(Matthews{}, Macro{}, Micro{});
  set.add(F1OfMeans{rule}, Macro{}, Samples{});
  set.add_at(static_cast<int>(definitions.top_k), precision_recall_f1, std::tuple{Micro{}, Macro{}, Samples{}});
  set.add_at(static_cast<int>(definitions.top_k), std::tuple{F1OfMeans{rule}}, std::tuple{Macro{}, Samples{}});
  if (definitions.probabilities) {
    set.add(LogLoss{}).add(Brier{}).add(ExpectedCalibrationError{static_cast<int>(definitions.bins)});
  }
  return set;
}

/// Whether the number called `name` is better the smaller it is; numbers of averagings are better the larger.
inline bool smaller_is_better(std::string_view name) {
  constexpr std::array<std::string_view, 7> losses{
      CoverageError::name,           RankingLoss::name, OneError::name, HammingLoss::name, LogLoss::name, Brier::name,
      ExpectedCalibrationError::name};
  return std::ranges::find(losses, name) != losses.end();
}

/// What the numbers of a label's row are called, in the order of label_metrics().
inline constexpr std::array<const char*, 7> label_number_names{
    "precision", "recall", "f1", "average_precision", "roc_auc", "brier", "expected_calibration_error"};

/// The numbers of a label's row in an Evaluation.
inline MetricSet label_metrics(const MetricDefinitions& definitions = {}) {
  const ZeroDivision rule = definitions.zero_division;
  MetricSet set;
  set.add(std::tuple{Precision{rule}, Recall{rule}, F1{rule}}, std::tuple{PerLabel{}});
  set.add(std::tuple{AveragePrecision{detail::missing(definitions)}, RocAuc{}}, std::tuple{PerLabel{}});
  if (definitions.probabilities) {
    set.add(std::tuple{Brier{}, ExpectedCalibrationError{static_cast<int>(definitions.bins)}}, std::tuple{PerLabel{}});
  }
  return set;
}

}  // namespace tagger
