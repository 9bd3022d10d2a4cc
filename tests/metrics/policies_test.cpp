// What one may write oneself: a metric and an averaging in a dozen lines each, and what is neither.
#define BOOST_TEST_MODULE metrics_policies
#include <algorithm>
#include <string>
#include <tuple>
#include <vector>

#include <boost/test/unit_test.hpp>

#include <tagger/averaging/concept.hpp>
#include <tagger/averaging/macro.hpp>
#include <tagger/metrics/evaluate.hpp>

namespace {

using namespace tagger;

struct Specificity {
  static constexpr std::string_view name = "specificity";
  Eigen::ArrayXd operator()(const Counts& counts) const {
    return counts.tn.cast<double>() / (counts.tn + counts.fp).cast<double>();
  }
};

struct Worst {
  static constexpr std::string_view name = "worst";
  static constexpr Slices slices = Slices::labels;
  double average(const Eigen::ArrayXd& values, const Counts&) const { return values.minCoeff(); }
};

struct Halves {
  static constexpr std::string_view name = "halves";
  static constexpr Slices slices = Slices::everything;
  Eigen::ArrayXd average(const Eigen::ArrayXd& values, const Counts&) const { return values / 2; }
};

static_assert(Metric<Specificity>);
static_assert(Averaging<Worst>);
static_assert(Averaging<Halves>);

// Near misses: each lacks one thing.
struct NamelessMetric {
  Eigen::ArrayXd operator()(const Counts& counts) const { return counts.tp.cast<double>(); }
};
struct MetricOfOneNumber {
  static constexpr std::string_view name = "sum";
  double operator()(const Counts& counts) const { return static_cast<double>(counts.tp.sum()); }
};
struct MetricThatChanges {
  static constexpr std::string_view name = "changes";
  Eigen::ArrayXd operator()(const Counts& counts) { return counts.tp.cast<double>(); }
};
static_assert(!Metric<NamelessMetric>);
static_assert(!Metric<MetricOfOneNumber>);
static_assert(!Metric<MetricThatChanges>);
static_assert(!Metric<Worst>);

struct NamelessAveraging {
  [[maybe_unused]] static constexpr Slices slices = Slices::labels;
  double average(const Eigen::ArrayXd& values, const Counts&) const { return values.mean(); }
};
struct AveragingOfLists {
  static constexpr std::string_view name = "lists";
  static constexpr Slices slices = Slices::labels;
  std::vector<double> average(const Eigen::ArrayXd&, const Counts&) const { return {}; }
};
struct AveragingWithoutSlices {
  static constexpr std::string_view name = "without";
  double average(const Eigen::ArrayXd& values, const Counts&) const { return values.mean(); }
};
static_assert(!Averaging<NamelessAveraging>);
static_assert(!Averaging<AveragingOfLists>);
static_assert(!Averaging<AveragingWithoutSlices>);
static_assert(!Averaging<Precision>);

Confusion example() {
  LabelMatrix targets(4, 2), predictions(4, 2);
  targets << 1, 0, 0, 0, 0, 1, 0, 1;
  predictions << 1, 1, 1, 0, 0, 1, 0, 1;
  Confusion confusion(2);
  confusion.add(targets, predictions);
  return confusion;
}

}  // namespace

BOOST_AUTO_TEST_CASE(own_metrics_join_every_averaging) {
  const auto evaluation =
      evaluate(example(), {"sky", "sea"}, std::tuple{Specificity{}, Recall{}}, std::tuple{Worst{}, Macro{}});
  BOOST_TEST(evaluation.metrics.size() == 4U);
  BOOST_TEST(evaluation.metrics[0].first == "worst/specificity");
  BOOST_TEST(evaluation.at("worst/specificity") == 0.5);                  // sea: 1 of 2
  BOOST_TEST(evaluation.at("macro/specificity") == (2.0 / 3 + 0.5) / 2);  // sky: 2 of 3
  BOOST_TEST(evaluation.at("worst/recall") == 1.0);
}

BOOST_AUTO_TEST_CASE(a_number_a_label_must_be_as_many_as_labels) {
  BOOST_CHECK_EXCEPTION(evaluate<Halves>(example(), {"sky", "sea"}), DataError, [](const DataError& error) {
    return std::string(error.what()) == "halves/precision has 1 values for 2 labels";
  });
}
