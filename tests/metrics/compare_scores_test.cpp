// Two taggers on the same pictures: intervals and p values that say what they should.
#define BOOST_TEST_MODULE compare_scores
#include <algorithm>
#include <cmath>
#include <cstdint>
#include <string>
#include <vector>

#include <boost/test/unit_test.hpp>

#include <tagger/metrics/compare_scores.hpp>
#include <tagger/random.hpp>

namespace {

using namespace tagger;

struct Two {
  LabelMatrix targets;
  ScoreMatrix first, second;
  std::vector<std::string> labels{"sky", "sea"};

  /// Scores that are right with the given chances.
  Two(Eigen::Index pictures, double first_chance, double second_chance, std::uint64_t seed)
      : targets(pictures, 2), first(pictures, 2), second(pictures, 2) {
    Random random{seed, 0, 0};
    const auto score = [&](std::int8_t target, double chance) {
      return static_cast<float>(random.chance(chance) == (target == 1) ? random.uniform(0.5, 1)
                                                                       : random.uniform(0, 0.5));
    };
    for (Eigen::Index i = 0; i < targets.size(); ++i) {
      targets.data()[i] = random.chance(0.3);
      first.data()[i] = score(targets.data()[i], first_chance);
      second.data()[i] = score(targets.data()[i], second_chance);
    }
  }

  std::vector<MetricDifference> compare(const EvaluateScoresOptions& options) const {
    return compare_scores(targets, {first}, {second}, labels, options);
  }
};

const MetricDifference& named(const std::vector<MetricDifference>& all, const std::string& name) {
  return *std::ranges::find(all, name, &MetricDifference::name);
}

}  // namespace

BOOST_AUTO_TEST_CASE(numbers_are_those_of_each_alone) {
  const Two two(60, 0.7, 0.8, 1);
  const auto differences = two.compare({.bootstrap = {.resamples = 0}});
  const auto first = evaluate_scores(two.targets, two.first, two.labels);
  const auto second = evaluate_scores(two.targets, two.second, two.labels);
  BOOST_TEST(differences.size() == first.metrics.size());
  for (const auto& each : differences) {
    BOOST_TEST(each.first == first.at(each.name));
    BOOST_TEST(each.second == second.at(each.name));
    BOOST_TEST(!each.interval.has_value());
    BOOST_TEST(!each.p_value.has_value());
  }
}

BOOST_AUTO_TEST_CASE(a_tagger_does_not_differ_from_itself) {
  Two two(40, 0.7, 0.7, 2);
  two.second = two.first;
  for (const auto& each : two.compare({.bootstrap = {.resamples = 50}})) {
    BOOST_TEST(each.interval->low == 0, each.name);
    BOOST_TEST(each.interval->high == 0, each.name);
    BOOST_TEST(each.p_value.value() == 1, each.name);
  }
}

BOOST_AUTO_TEST_CASE(a_large_difference_is_seen_and_has_its_sign) {
  const auto differences = Two(200, 0.6, 0.9, 3).compare({.bootstrap = {.resamples = 200, .threads = 2}});
  for (const char* name : {"micro/f1", "macro/average_precision", "macro/roc_auc"}) {
    const auto& each = named(differences, name);
    BOOST_TEST(each.interval->low > 0, name);
    BOOST_TEST(each.interval->low < each.second - each.first);
    BOOST_TEST(each.second - each.first < each.interval->high);
    BOOST_TEST(each.p_value.value() == 1. / 201, name);
  }
  BOOST_TEST(named(differences, "ranking_loss").interval->high < 0);
}

BOOST_AUTO_TEST_CASE(pairs_are_kept_together) {
  // Both err on the same pictures, the second once more often: unpaired, the difference would drown.
  Two two(300, 0.6, 0.6, 4);
  two.second = two.first;
  for (Eigen::Index i = 0; i < 12; ++i) two.second.row(25 * i) = 1 - two.targets.row(25 * i).cast<float>();
  const auto& hamming = named(two.compare({.bootstrap = {.resamples = 400}}), "hamming_loss");
  BOOST_TEST(hamming.second > hamming.first);
  BOOST_TEST(hamming.interval->low > 0);
  BOOST_TEST(hamming.p_value.value() < 0.05);
}

BOOST_AUTO_TEST_CASE(p_values_of_equal_taggers_are_uniform) {
  constexpr int trials = 200;
  MetricSet set;
  set.add(RocAuc{}, Macro{});
  int below_tenth = 0, below_half = 0;
  for (int trial = 0; trial < trials; ++trial) {
    const Two two(60, 0.7, 0.7, static_cast<std::uint64_t>(100 + trial));
    const auto p =
        compare_scores(two.targets, {two.first}, {two.second}, two.labels, {.bootstrap = {.resamples = 99}}, set)
            .front()
            .p_value.value();
    below_tenth += p <= 0.1;
    below_half += p <= 0.5;
  }
  BOOST_TEST(std::abs(below_tenth - 20) <= 13);  // 20 expected, a standard deviation is 4.2
  BOOST_TEST(std::abs(below_half - 100) <= 22);  // 100 expected, a standard deviation is 7.1
}

BOOST_AUTO_TEST_CASE(nothing_depends_on_the_number_of_threads) {
  const Two two(50, 0.7, 0.75, 6);
  const auto one = two.compare({.bootstrap = {.resamples = 60, .threads = 1}});
  const auto four = two.compare({.bootstrap = {.resamples = 60, .threads = 4}});
  for (std::size_t i = 0; i < one.size(); ++i) {
    BOOST_TEST((one[i].interval == four[i].interval));
    BOOST_TEST(one[i].p_value.value() == four[i].p_value.value());
  }
}
