// Every number of standard_metrics() against scikit-learn, and what must hold whatever the numbers are.
#define BOOST_TEST_MODULE score_metrics
#include <algorithm>
#include <cmath>
#include <cstdint>
#include <fstream>
#include <limits>
#include <set>
#include <sstream>
#include <string>
#include <utility>
#include <vector>

#include <nlohmann/json.hpp>

#include <boost/test/unit_test.hpp>

#include <tagger/metrics/evaluate_scores.hpp>
#include <tagger/metrics/precision_recall_curve.hpp>
#include <tagger/metrics/reliability_curve.hpp>
#include <tagger/random.hpp>

namespace {

using namespace tagger;
using nlohmann::json;

template <class Matrix>
Matrix matrix(const json& rows) {
  Matrix result(static_cast<Eigen::Index>(rows.size()), static_cast<Eigen::Index>(rows[0].size()));
  for (Eigen::Index row = 0; row < result.rows(); ++row) {
    for (Eigen::Index column = 0; column < result.cols(); ++column) {
      result(row, column) =
          rows[static_cast<std::size_t>(row)][static_cast<std::size_t>(column)].get<typename Matrix::Scalar>();
    }
  }
  return result;
}

std::vector<std::string> names(std::int64_t count) {
  std::vector<std::string> result;
  for (std::int64_t i = 0; i < count; ++i) result.push_back("label" + std::to_string(i));
  return result;
}

void check_number(double value, const json& expected, const std::string& what) {
  BOOST_TEST_CONTEXT(what << " is " << value << ", expected " << expected) {
    if (expected.is_null()) {
      BOOST_TEST(std::isnan(value));
    } else {
      BOOST_TEST(std::abs(value - expected.get<double>()) <= 1e-12 * std::max(1., std::abs(expected.get<double>())));
    }
  }
}

bool same(double a, double b) { return a == b || (std::isnan(a) && std::isnan(b)); }

struct Example {
  LabelMatrix targets;
  ScoreMatrix scores;
  std::vector<std::string> labels;

  /// A third is unknown; scores are one of `steps` + 1, so that many are tied.
  Example(Eigen::Index pictures, Eigen::Index label_count, std::uint64_t steps, std::uint64_t seed = 1)
      : targets(pictures, label_count), scores(pictures, label_count), labels(names(label_count)) {
    Random random{seed, 0, 0};
    for (Eigen::Index i = 0; i < targets.size(); ++i) {
      targets.data()[i] = static_cast<std::int8_t>(static_cast<int>(random.below(3)) - 1);
      scores.data()[i] = static_cast<float>(random.below(steps + 1)) / static_cast<float>(steps);
    }
  }

  Evaluation evaluate(const EvaluateScoresOptions& options = {}) const {
    return evaluate_scores(targets, scores, labels, options);
  }
};

std::string refusal(const auto& call) {
  try {
    call();
  } catch (const DataError& error) {
    return error.what();
  }
  return "accepted";
}

double value_of(const auto& metric, std::vector<Tie> ties) { return metric(ScoredSlice(ties)); }

}  // namespace

BOOST_AUTO_TEST_CASE(agrees_with_scikit_learn) {
  const json golden = json::parse(std::ifstream(TAGGER_TEST_DATA "/metrics/score_metrics.json"));
  std::size_t compared = 0;
  for (const auto& each : golden["cases"]) {
    const auto targets = matrix<LabelMatrix>(each["targets"]);
    const auto scores = matrix<ScoreMatrix>(each["scores"]);
    for (const auto& expected : each["at"]) {
      const auto evaluation = evaluate_scores(targets, scores, names(targets.cols()),
                                              {.decision = {.threshold = expected["threshold"].get<double>()}});
      BOOST_TEST_CONTEXT(each["name"].get<std::string>() << ", above " << expected["threshold"]) {
        BOOST_TEST(evaluation.metrics.size() == expected["metrics"].size());
        for (const auto& [name, number] : evaluation.metrics) {
          check_number(number, expected["metrics"].at(name), name);
          ++compared;
        }
        for (std::size_t i = 0; i < evaluation.labels.size(); ++i) {
          const LabelScore& row = evaluation.labels[i];
          const auto check = [&](double value, const char* name) {
            check_number(value, expected["labels"][name][i], row.name + " " + name);
          };
          check(row.precision, "precision");
          check(row.recall, "recall");
          check(row.f1, "f1");
          check(row.average_precision.value(), "average_precision");
          check(row.roc_auc.value(), "roc_auc");
          check(row.brier.value(), "brier");
          check(row.expected_calibration_error.value(), "expected_calibration_error");
          BOOST_TEST(row.support + row.absent + row.unknown == targets.rows());
        }
      }
    }
  }
  BOOST_TEST(compared >= 14U * 2 * 60);
}

BOOST_AUTO_TEST_CASE(the_table_of_definitions_is_true) {
  const json golden = json::parse(std::ifstream(TAGGER_TEST_DATA "/metrics/definitions.json"));
  const auto evaluation =
      evaluate_scores(matrix<LabelMatrix>(golden["targets"]), matrix<ScoreMatrix>(golden["scores"]), names(3));
  std::ifstream page(TAGGER_TEST_DATA "/../../docs/metric.md");
  std::vector<std::string> columns;
  int rows = 0;
  for (std::string line; std::getline(page, line);) {
    std::vector<std::string> cells;
    std::istringstream text(line);
    for (std::string cell; std::getline(text, cell, '|');) {
      const auto first = cell.find_first_not_of(" `"), last = cell.find_last_not_of(" `");
      cells.push_back(first == std::string::npos ? "" : cell.substr(first, last - first + 1));
    }
    if (cells.size() > 2 && cells[2] == "tagger") columns = cells;
    if (columns.empty() || cells.size() != columns.size() || !evaluation.has(cells[1])) continue;
    ++rows;
    const auto check = [&](std::size_t column, double number) {
      BOOST_TEST(std::abs(std::stod(cells[column]) - number) < 0.00051, cells[1] << " of " << columns[column]);
    };
    check(2, evaluation.at(cells[1]));
    for (std::size_t i = 3; i < cells.size(); ++i) {
      const json& numbers = golden.at(columns[i]);
      const bool there = numbers.contains(cells[1]);
      if (there && numbers[cells[1]].is_number()) {
        check(i, numbers[cells[1]].get<double>());
      } else {
        BOOST_TEST(cells[i] == (there ? "NaN" : ""), cells[1] << " of " << columns[i]);
      }
    }
  }
  BOOST_TEST(rows == 13);
}

BOOST_AUTO_TEST_CASE(names_are_unique_and_begin_with_those_of_the_published_recipe) {
  const auto evaluation = Example(5, 3, 4).evaluate();
  std::set<std::string> seen;
  for (const auto& [name, value] : evaluation.metrics) BOOST_TEST(seen.insert(name).second, name);
  const std::vector<std::string> first{"micro/precision", "micro/recall",      "micro/f1",           "macro/precision",
                                       "macro/recall",    "macro/f1",          "weighted/precision", "weighted/recall",
                                       "weighted/f1",     "samples/precision", "samples/recall",     "samples/f1"};
  for (std::size_t i = 0; i < first.size(); ++i) BOOST_TEST(evaluation.metrics[i].first == first[i]);
}

BOOST_AUTO_TEST_CASE(a_weight_counts_a_picture_as_often_as_repeating_it) {
  const Example example(40, 6, 7);
  MetricSet set = standard_metrics();
  set.add(label_metrics());
  const LabelMatrix predictions = decide(example.scores, {});
  const PreparedMetrics prepared({example.targets, example.scores, predictions}, set, PreparedMetrics::Orders::kept);
  for (std::int64_t resample = 0; resample < 20; ++resample) {
    const auto weights = bootstrap_weights(40, 5, resample);
    std::vector<Eigen::Index> pictures;
    for (std::size_t i = 0; i < weights.size(); ++i) pictures.insert(pictures.end(), weights[i], std::int64_t(i));
    BOOST_TEST(pictures.size() == 40U);
    const LabelMatrix targets = example.targets(pictures, Eigen::all), repeated = predictions(pictures, Eigen::all);
    const ScoreMatrix scores = example.scores(pictures, Eigen::all);
    const auto expected =
        PreparedMetrics({targets, scores, repeated}, set, PreparedMetrics::Orders::made_when_needed)();
    const auto numbers = prepared(weights, 2);
    const auto all_names = set.names(example.labels);
    BOOST_TEST(numbers.size() == all_names.size());
    for (std::size_t i = 0; i < numbers.size(); ++i) {
      BOOST_TEST((std::isnan(numbers[i]) ? std::isnan(expected[i]) : std::abs(numbers[i] - expected[i]) < 1e-13),
                 all_names[i] << ": " << numbers[i] << " and " << expected[i]);
    }
  }
}

BOOST_AUTO_TEST_CASE(the_order_of_pictures_does_not_matter_and_neither_does_the_number_of_threads) {
  const Example example(3000, 4, 50);
  Example reversed = example;
  reversed.targets = example.targets.colwise().reverse().eval();
  reversed.scores = example.scores.colwise().reverse().eval();
  const auto once = example.evaluate(), again = reversed.evaluate({.bootstrap = {.resamples = 0, .threads = 3}});
  for (std::size_t i = 0; i < once.metrics.size(); ++i) {
    BOOST_TEST(std::abs(once.metrics[i].second - again.metrics[i].second) < 1e-12, once.metrics[i].first);
  }
}

BOOST_AUTO_TEST_CASE(intervals_do_not_depend_on_threads_and_do_on_the_seed) {
  const Example example(50, 3, 1000);
  const auto evaluate = [&](int threads, std::uint64_t seed) {
    return example.evaluate({.bootstrap = {.resamples = 100, .seed = seed, .threads = threads}});
  };
  const auto one = evaluate(1, 7), three = evaluate(3, 7), other = evaluate(1, 8);
  BOOST_TEST((one.intervals == three.intervals));
  BOOST_TEST((one.labels == three.labels));
  BOOST_TEST((one.metrics == other.metrics));
  BOOST_TEST(!(one.intervals == other.intervals));
  BOOST_TEST(one.intervals.size() == one.metrics.size());
  BOOST_TEST(one.labels[0].intervals.size() == 7U);
  for (const auto& [name, value] : one.metrics) {
    const auto interval = one.interval(name).value();
    BOOST_TEST(interval.low <= interval.high, name);
  }
  BOOST_TEST(example.evaluate().intervals.empty());
}

BOOST_AUTO_TEST_CASE(intervals_hold_the_true_number_about_as_often_as_they_say) {
  // A score that is right in 70 of 100 pictures: one label, accuracy 0.7, whose share of errors is the Hamming loss.
  constexpr int trials = 200, pictures = 200;
  int held = 0;
  for (int trial = 0; trial < trials; ++trial) {
    Random random{11, 0, static_cast<std::uint64_t>(trial)};
    LabelMatrix targets(pictures, 1);
    ScoreMatrix scores(pictures, 1);
    for (int i = 0; i < pictures; ++i) {
      targets(i, 0) = random.chance(0.5);
      scores(i, 0) = random.chance(0.7) == (targets(i, 0) == 1) ? 0.75F : 0.25F;
    }
    MetricSet set;
    set.add(HammingLoss{});
    const auto interval =
        evaluate_scores(targets, scores, {"sky"}, {.bootstrap = {.resamples = 300}}, set).intervals[0];
    held += interval.second.low <= 0.3 && 0.3 <= interval.second.high;
  }
  BOOST_TEST(held >= 180);  // 190 expected, 3 standard deviations are 9
  BOOST_TEST(held < 200);
}

BOOST_AUTO_TEST_CASE(percentiles_are_those_of_numpy) {
  // numpy.percentile([3, 1, 2, 10, 7], [10, 90]) = [1.4, 8.8]
  const double nan = std::numeric_limits<double>::quiet_NaN();
  const auto interval = percentile_interval({3, nan, 1, 2, 10, 7}, 0.8);
  BOOST_TEST(std::abs(interval.low - 1.4) < 1e-12);
  BOOST_TEST(std::abs(interval.high - 8.8) < 1e-12);
  BOOST_TEST(std::isnan(percentile_interval({nan}, 0.8).low));
}

BOOST_AUTO_TEST_CASE(labels_without_positives_are_zero_left_out_or_an_error_by_name) {
  LabelMatrix targets(3, 2);
  ScoreMatrix scores(3, 2);
  targets << 1, 0, 0, 0, 1, -1;
  scores << 0.9F, 0.1F, 0.5F, 0.2F, 0.8F, 0.3F;
  const auto macro = [&](WithoutPositives rule) {
    const auto evaluation =
        evaluate_scores(targets, scores, {"sky", "sea"}, {.definitions = {.without_positives = rule}});
    return std::pair(evaluation.at("macro/average_precision"), evaluation.labels[1].average_precision.value());
  };
  BOOST_TEST((macro(WithoutPositives::zero) == std::pair(0.5, 0.)));
  BOOST_TEST(macro(WithoutPositives::left_out).first == 1);
  BOOST_TEST(std::isnan(macro(WithoutPositives::left_out).second));
  BOOST_TEST(refusal([&] { macro(WithoutPositives::error); }) ==
             "label \"sea\" is a yes in no picture, so that it has no average precision");
  targets(1, 1) = 1;  // a picture without a yes, and resamples without one, are no error
  const auto evaluation =
      evaluate_scores(targets, scores, {"sky", "sea"},
                      {.definitions = {.without_positives = WithoutPositives::error}, .bootstrap = {.resamples = 50}});
  BOOST_TEST(evaluation.at("macro/average_precision") == 1);
}

BOOST_AUTO_TEST_CASE(interpolated_average_precisions_of_the_textbook) {
  // Yes at ranks 1 and 4 of 5: precision 1 up to recall 0.5, 0.5 up to 1.
  const std::vector<Tie> ties{{0.9F, 1, 0}, {0.8F, 0, 1}, {0.7F, 0, 1}, {0.6F, 1, 0}, {0.5F, 0, 1}};
  BOOST_TEST(value_of(AveragePrecision{}, ties) == 0.75);
  BOOST_TEST(value_of(InterpolatedAveragePrecision{}, ties) == 0.75);
  BOOST_TEST(std::abs(value_of(ElevenPointAveragePrecision{}, ties) - (6 * 1 + 5 * 0.5) / 11) < 1e-15);
  // The envelope looks ahead: yes at ranks 2 and 3.
  const std::vector<Tie> later{{0.9F, 0, 1}, {0.8F, 1, 0}, {0.7F, 1, 0}};
  BOOST_TEST(std::abs(value_of(AveragePrecision{}, later) - (0.5 + 2. / 3) / 2) < 1e-15);
  BOOST_TEST(std::abs(value_of(InterpolatedAveragePrecision{}, later) - 2. / 3) < 1e-15);
}

BOOST_AUTO_TEST_CASE(one_error_shares_a_tie_at_the_top) {
  BOOST_TEST(value_of(OneError{}, {{0.9F, 1, 3}, {0.1F, 2, 0}}) == 0.75);
  BOOST_TEST(value_of(OneError{}, {{0.9F, 0, 1}, {0.1F, 1, 0}}) == 1);
  BOOST_TEST(value_of(OneError{}, {{0.9F, 0, 1}}) == 0);
  BOOST_TEST(std::isnan(value_of(OneError{}, {})));
}

BOOST_AUTO_TEST_CASE(curves_have_a_point_a_score_and_a_bin_a_part) {
  const std::vector<Tie> ties{{1, 2, 0}, {0.5F, 1, 1}, {0.25F, 0, 4}};
  const auto curve = precision_recall_curve(ties);
  BOOST_TEST(curve.size() == 3U);
  BOOST_TEST(curve[1].score == 0.5F);
  BOOST_TEST(curve[1].precision == 0.75);
  BOOST_TEST(curve[1].recall == 1);
  BOOST_TEST(std::abs(curve[0].recall - 2. / 3) < 1e-15);
  const auto bins = reliability_curve(ties, 4);
  const std::vector<std::int64_t> counts{4, 2, 0, 2};  // an edge is its lower part's
  for (std::size_t i = 0; i < bins.size(); ++i) BOOST_TEST(bins[i].count == counts[i]);
  BOOST_TEST(bins[1].mean_score == 0.5);
  BOOST_TEST(bins[1].frequency == 0.5);
  BOOST_TEST(std::isnan(bins[2].mean_score));
}

BOOST_AUTO_TEST_CASE(large_slices_are_sorted_as_small_ones) {
  Random random{3, 0, 0};
  RankedScores ranking;
  std::vector<float> scores;
  for (int i = 0; i < 20000; ++i) {
    const float score = static_cast<float>(random.uniform(-3, 3)) * (random.chance(0.1) ? 1e-30F : 1.F);
    scores.push_back(random.chance(0.01) ? -0.F : score);
    ranking.add(scores.back(), random.chance(0.5), i);
  }
  scores.push_back(0.F);  // the same score as -0
  ranking.add(0, true, 20000);
  std::vector<std::uint64_t> scratch;
  std::vector<Tie> buffer;
  ranking.sort(scratch);
  const auto ties = ranking.slice({}, buffer);
  std::ranges::sort(scores, std::greater{});
  const auto distinct = std::ranges::unique(scores);
  scores.erase(distinct.begin(), distinct.end());
  BOOST_TEST(ties.size() == scores.size());
  std::int64_t all = 0;
  for (std::size_t i = 0; i < ties.size(); ++i) {
    BOOST_TEST(ties[i].score == scores[i]);
    all += ties[i].yes + ties[i].no;
  }
  BOOST_TEST(all == 20001);
}

BOOST_AUTO_TEST_CASE(margins_have_every_metric_but_those_of_probabilities) {
  Example example(30, 4, 9);
  const auto probabilities = example.evaluate();
  example.scores = example.scores * 8 - 4;
  BOOST_TEST(refusal([&] { example.evaluate(); }).find("a probability in [0, 1] is needed") != std::string::npos);
  const auto margins = example.evaluate({.decision = {.threshold = 0}, .definitions = {.probabilities = false}});
  for (const char* name : {"log_loss", "brier", "expected_calibration_error"}) {
    BOOST_TEST(probabilities.has(name));
    BOOST_TEST(!margins.has(name));
  }
  BOOST_TEST(!margins.labels[0].brier.has_value());
  BOOST_TEST(margins.metrics.size() + 3 == probabilities.metrics.size());
  for (const auto& [name, value] : margins.metrics) BOOST_TEST(same(value, probabilities.at(name)), name);
}

BOOST_AUTO_TEST_CASE(what_was_decided_and_how_is_said) {
  const Example example(30, 3, 10);
  const auto evaluation =
      example.evaluate({.decision = {.thresholds = {0.3F, 0.5F, 0.9F}}, .definitions = {.beta = 0.5}});
  BOOST_TEST(evaluation.labels[0].threshold.value() == 0.3);
  BOOST_TEST(evaluation.labels[2].threshold.value() == 0.9);
  const auto definition = [&](const char* name) { return detail::find_named(evaluation.definitions, name).value(); };
  BOOST_TEST(definition("decision") == "score > the label's threshold");
  BOOST_TEST(definition("without_positives") == "zero");
  BOOST_TEST(definition("beta") == "0.5");
  LabelMatrix predictions(30, 3);
  for (Eigen::Index label = 0; label < 3; ++label) {
    const float threshold[]{0.3F, 0.5F, 0.9F};
    predictions.col(label) = (example.scores.col(label) > threshold[label]).cast<std::int8_t>();
  }
  Confusion confusion(3);
  confusion.add(example.targets, predictions);
  BOOST_TEST(evaluation.at("micro/f1") == F1{}(confusion.of(Slices::everything))[0]);
  BOOST_TEST(detail::decision_text({.top_k = 2}) == "score > 0.5, the best 2");
}

BOOST_AUTO_TEST_CASE(metrics_at_k_go_by_the_known_labels) {
  LabelMatrix targets(1, 4);
  ScoreMatrix scores(1, 4);
  targets << -1, 1, 0, 1;
  scores << 0.9F, 0.5F, 0.5F, 0.1F;
  const LabelMatrix expected = (LabelMatrix(1, 4) << 0, 1, 1, 0).finished();
  BOOST_TEST((top_k_predictions(targets, scores, 2) == expected).all());
  BOOST_TEST((top_k_predictions(targets, scores, 9) == (LabelMatrix(1, 4) << 0, 1, 1, 1).finished()).all());
  const auto evaluation = evaluate_scores(targets, scores, names(4), {.definitions = {.top_k = 2}});
  BOOST_TEST(evaluation.at("samples/precision_at_2") == 0.5);
  BOOST_TEST(evaluation.at("samples/recall_at_2") == 0.5);
}

BOOST_AUTO_TEST_CASE(scores_that_are_none_are_refused) {
  Example example(3, 2, 4);
  example.scores(1, 1) = std::nanf("");
  BOOST_TEST(refusal([&] { example.evaluate(); }) ==
             "picture 1 has the score nan for label \"label1\"; a probability in [0, 1] is needed");
  example.scores(1, 1) = std::numeric_limits<float>::infinity();
  BOOST_TEST(refusal([&] { example.evaluate({.definitions = {.probabilities = false}}); }) ==
             "picture 1 has the score inf for label \"label1\"; a finite number is needed");
  BOOST_TEST(refusal([&] { evaluate_scores(example.targets, ScoreMatrix::Zero(2, 2), {"a", "b"}); }) ==
             "targets are (3, 2), scores are (2, 2)");
  BOOST_TEST(refusal([&] { evaluate_scores(example.targets, ScoreMatrix::Zero(3, 2), {"a"}); }) ==
             "there are 1 label names for targets (3, 2)");
}

BOOST_AUTO_TEST_CASE(nothing_to_evaluate_has_documented_values) {
  const auto evaluation = evaluate_scores(LabelMatrix(0, 2), ScoreMatrix(0, 2), {"a", "b"});
  BOOST_TEST(evaluation.samples == 0);
  BOOST_TEST(evaluation.at("micro/f1") == 0);
  BOOST_TEST(evaluation.at("macro/average_precision") == 0);
  for (const char* name : {"samples/f1", "macro/roc_auc", "coverage_error", "hamming_loss", "log_loss"}) {
    BOOST_TEST(std::isnan(evaluation.at(name)), name);
  }
}

namespace {

/// The share of yes among the three best: a metric of scores of one's own.
struct BestThree {
  static constexpr std::string_view name = "best_three";
  double operator()(ScoredSlice slice) const {
    std::int64_t yes = 0, all = 0;
    for (const Tie& tie : slice) {
      if (all < 3) yes += tie.yes, all += tie.yes + tie.no;
    }
    return static_cast<double>(yes) / static_cast<double>(all);
  }
};
static_assert(ScoreMetric<BestThree>);
static_assert(!Metric<BestThree>);
static_assert(!AveragedMetric<BestThree>);
static_assert(!ScoreMetric<F1>);
static_assert(!ScoreMetric<Macro>);

}  // namespace

BOOST_AUTO_TEST_CASE(own_metrics_of_scores_join_every_averaging) {
  LabelMatrix targets(4, 2);
  ScoreMatrix scores(4, 2);
  targets << 1, 0, 0, 0, 1, 1, 0, 1;
  scores << 0.9F, 0.8F, 0.7F, 0.1F, 0.6F, 0.7F, 0.5F, 0.9F;
  // [own]
  MetricSet set = standard_metrics();
  set.add(BestThree{}, Macro{}, PerLabel{}, Micro{});
  const auto evaluation = evaluate_scores(targets, scores, {"sky", "sea"}, {}, set);
  // [own]
  std::vector<std::string> found;
  for (const auto& each : evaluation.metrics) found.push_back(each.first);
  found.erase(found.begin(), found.end() - 4);
  const std::vector<std::string> expected{"macro/best_three", "per_label/best_three/sky", "per_label/best_three/sea",
                                          "micro/best_three"};
  BOOST_TEST(found == expected, boost::test_tools::per_element());
  BOOST_TEST(evaluation.at("per_label/best_three/sky") == 2. / 3);
  BOOST_TEST(evaluation.at("macro/best_three") == 2. / 3);
  BOOST_TEST(evaluation.at("micro/best_three") == 2. / 3);
}

namespace {

struct Halves {
  static constexpr std::string_view name = "halves";
  static constexpr Slices slices = Slices::everything;
  Eigen::ArrayXd average(const Eigen::ArrayXd& values, const Counts&) const { return values / 2; }
};

}  // namespace

BOOST_AUTO_TEST_CASE(a_number_a_label_must_be_as_many_as_labels) {
  MetricSet set;
  set.add(RocAuc{}, Halves{});
  BOOST_TEST(refusal([&] { evaluate_scores(LabelMatrix::Zero(3, 2), ScoreMatrix::Zero(3, 2), {"a", "b"}, {}, set); }) ==
             "halves/roc_auc has 1 values for 2 labels");
}

BOOST_AUTO_TEST_CASE(sets_are_joined_with_and_without_what_is_there_already) {
  const Example example(20, 3, 5);
  MetricSet set;
  set.add(std::tuple{F1{}, Precision{}}, std::tuple{Macro{}, PerLabel{}});
  const auto own = set.names(example.labels).size();
  set.add_missing(standard_metrics());
  const auto all = set.names(example.labels);
  BOOST_TEST(all.size() == own + standard_metrics().names(example.labels).size() - 2);
  BOOST_TEST(std::ranges::count(all, "macro/f1") == 1);
  const auto evaluation = evaluate_scores(example.targets, example.scores, example.labels, {}, set);
  const auto expected = example.evaluate();
  BOOST_TEST((evaluation.labels == expected.labels));  // rows have the names of numbers that are in the set, too
  for (const auto& [name, value] : expected.metrics) BOOST_TEST(same(evaluation.at(name), value), name);
  BOOST_TEST(evaluation.at("per_label/f1/label1") == evaluation.labels[1].f1);
}
