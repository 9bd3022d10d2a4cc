// Average precision and ROC AUC in bounded memory: within their bounds of the exact ones, and a function of the entries
// alone, however they come.
#define BOOST_TEST_MODULE score_sketch
#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <limits>
#include <map>
#include <numbers>
#include <string>
#include <utility>
#include <vector>

#include <boost/test/unit_test.hpp>

#include <tagger/metrics/average_precision.hpp>
#include <tagger/metrics/label_sketches.hpp>
#include <tagger/metrics/roc_auc.hpp>
#include <tagger/random.hpp>

namespace {

using namespace tagger;

using Entries = std::vector<std::pair<float, bool>>;

/// What the exact metrics see.
std::vector<Tie> ties(const Entries& entries) {
  std::map<float, Tie, std::greater<>> found;
  for (const auto& [score, yes] : entries) {
    Tie& tie = found[score];
    tie.score = score;
    ++(yes ? tie.yes : tie.no);
  }
  std::vector<Tie> result;
  for (const auto& each : found) result.push_back(each.second);
  return result;
}

ScoreSketch sketch_of(const Entries& entries, std::size_t capacity) {
  ScoreSketch sketch(capacity);
  for (const auto& [score, yes] : entries) sketch.add(score, yes);
  return sketch;
}

double normal(Random& random) {
  return std::sqrt(-2 * std::log1p(-random.uniform())) * std::cos(2 * std::numbers::pi * random.uniform());
}

/// Entries of many kinds, by name.
std::map<std::string, Entries> examples(int count) {
  Random random(1, 0, 0);
  std::map<std::string, Entries> all;
  const auto sigmoid = [](double logit) { return static_cast<float>(1 / (1 + std::exp(-logit))); };
  for (int i = 0; i < count; ++i) {
    const bool half = random.chance(0.5), rare = random.chance(0.01);
    all["random"].emplace_back(static_cast<float>(random.uniform()), half);
    all["good"].emplace_back(sigmoid(normal(random) + (half ? 2 : -2)), half);
    all["rare"].emplace_back(sigmoid(normal(random) - 5 + (rare ? 4 : 0)), rare);
    all["worse than chance"].emplace_back(sigmoid(normal(random) + (half ? -2 : 2)), half);
    all["tied"].emplace_back(static_cast<float>(random.below(1000)) / 999, half);
    all["half of them tied"].emplace_back(half ? 0.25F : static_cast<float>(random.uniform()), random.chance(0.3));
    all["near one"].emplace_back(1 - 1e-5F * static_cast<float>(random.uniform()), half);
    all["near zero"].emplace_back(1e-30F * static_cast<float>(random.uniform()), half);
    all["margins"].emplace_back(static_cast<float>(5 * normal(random)) + (half ? 2.0F : -2.0F), half);
    all["large margins"].emplace_back(static_cast<float>(1e30 * normal(random)), half);
    all["separable"].emplace_back(static_cast<float>(random.uniform() / 2) + (half ? 0.5F : 0.0F), half);
    all["all yes"].emplace_back(static_cast<float>(random.uniform()), true);
    all["all no"].emplace_back(static_cast<float>(random.uniform()), false);
    all["one score"].emplace_back(0.5F, half);
    all["one yes"].emplace_back(static_cast<float>(random.uniform()), i == 17);
    all["one no"].emplace_back(static_cast<float>(random.uniform()), i != 17);
  }
  return all;
}

void check_bounds(const BoundedValue& bounded, double exact) {
  if (std::isnan(exact)) {
    BOOST_TEST((std::isnan(bounded.value) && std::isnan(bounded.lower) && std::isnan(bounded.upper)));
    return;
  }
  constexpr double rounding = 1e-12;
  BOOST_TEST(bounded.lower <= exact + rounding);
  BOOST_TEST(exact <= bounded.upper + rounding);
  BOOST_TEST(bounded.lower <= bounded.value + rounding);
  BOOST_TEST(bounded.value <= bounded.upper + rounding);
}

}  // namespace

BOOST_AUTO_TEST_CASE(keys_are_in_the_order_of_scores) {
  constexpr float inf = std::numeric_limits<float>::infinity();
  std::vector<float> scores{-std::numeric_limits<float>::max(), -1, -1e-45F, 0, 1e-45F, 1e-38F, 0.25F};
  for (const float around : {0.5F, 1.0F}) {
    scores.insert(scores.end(), {std::nextafter(around, -inf), around, std::nextafter(around, inf)});
  }
  scores.insert(scores.end(), {2, 1e30F, std::numeric_limits<float>::max()});
  BOOST_TEST_REQUIRE(std::is_sorted(scores.begin(), scores.end()));
  for (std::size_t i = 1; i < scores.size(); ++i) {
    BOOST_TEST(detail::score_key(scores[i - 1]) < detail::score_key(scores[i]), scores[i - 1] << ", " << scores[i]);
  }
  BOOST_TEST(detail::score_key(-0.0F) == detail::score_key(0.0F));
}

BOOST_AUTO_TEST_CASE(up_to_its_capacity_of_scores_a_sketch_is_exact) {
  for (const auto& [name, entries] : examples(1000)) {
    BOOST_TEST_CONTEXT(name) {
      const auto exact = ties(entries);
      const auto sketch = sketch_of(entries, exact.size());
      BOOST_TEST(sketch.is_exact());
      const auto precision = average_precision(sketch);
      const auto near = boost::test_tools::tolerance(1e-14);
      BOOST_TEST(precision.value == AveragePrecision{}(exact), near);
      BOOST_TEST(precision.lower == precision.value);
      BOOST_TEST(precision.upper == precision.value);
      const double auc = RocAuc{}(exact);
      if (std::isnan(auc)) {
        BOOST_TEST(std::isnan(roc_auc(sketch).value));
      } else {
        BOOST_TEST(roc_auc(sketch).value == auc, near);
        BOOST_TEST(roc_auc(sketch).lower == roc_auc(sketch).upper);
      }
      if (exact.size() > 1) BOOST_TEST(!sketch_of(entries, exact.size() - 1).is_exact());
    }
  }
}

BOOST_AUTO_TEST_CASE(the_exact_values_are_within_the_bounds) {
  for (const auto& [name, entries] : examples(20000)) {
    const auto exact = ties(entries);
    for (const std::size_t capacity : {1, 2, 7, 64, 512, 4096}) {
      BOOST_TEST_CONTEXT(name << ", capacity " << capacity) {
        const auto sketch = sketch_of(entries, capacity);
        BOOST_TEST(sketch.bins().size() <= capacity);
        check_bounds(average_precision(sketch), AveragePrecision{}(exact));
        check_bounds(roc_auc(sketch), RocAuc{}(exact));
      }
    }
  }
}

BOOST_AUTO_TEST_CASE(bounds_are_reached) {
  // One bin of three yes and two no: the best order, the worst, and what the sketch says of both.
  const Entries best{{0.5F, true}, {0.5F, true}, {0.5F, true}, {0.3F, false}, {0.2F, false}};
  const Entries worst{{0.2F, true}, {0.3F, true}, {0.31F, true}, {0.5F, false}, {0.4F, false}};
  for (const auto& entries : {best, worst}) {
    const auto sketch = sketch_of(entries, 1);
    BOOST_TEST_REQUIRE(sketch.bins().size() == 1U);
    BOOST_TEST(average_precision(sketch).upper == AveragePrecision{}(ties(best)));
    BOOST_TEST(average_precision(sketch).lower == AveragePrecision{}(ties(worst)), boost::test_tools::tolerance(1e-15));
    BOOST_TEST(roc_auc(sketch).upper == 1);
    BOOST_TEST(roc_auc(sketch).lower == 0);
    BOOST_TEST(roc_auc(sketch).value == 0.5);
  }
}

BOOST_AUTO_TEST_CASE(bounds_narrow_with_the_capacity_and_are_narrow_at_the_default) {
  for (const std::string name : {"good", "rare", "random", "margins", "near one"}) {
    const auto entries = examples(20000)[name];
    double last = 2;
    for (const std::size_t capacity : {32, 128, 512, 2048}) {
      const auto precision = average_precision(sketch_of(entries, capacity));
      BOOST_TEST_CONTEXT(name << ", capacity " << capacity) {
        const double width = precision.upper - precision.lower;
        BOOST_TEST(width <= last / 2);
        last = width;
        if (capacity == 512) {
          BOOST_TEST(width < 0.03);
          BOOST_TEST(std::abs(precision.value - AveragePrecision{}(ties(entries))) < 0.001);
        }
      }
    }
  }
}

BOOST_AUTO_TEST_CASE(a_sketch_is_a_function_of_the_entries_alone) {
  Random random(2, 0, 0);
  for (const auto& [name, entries] : examples(3000)) {
    for (const std::size_t capacity : {1, 5, 100, 2000}) {
      BOOST_TEST_CONTEXT(name << ", capacity " << capacity) {
        const auto whole = sketch_of(entries, capacity);
        auto turned = entries;
        std::ranges::reverse(turned);
        BOOST_TEST((sketch_of(turned, capacity) == whole));
        std::ranges::sort(turned);
        BOOST_TEST((sketch_of(turned, capacity) == whole));
        // In shards of any sizes, none empty or nearly all, merged forwards and backwards.
        std::vector<ScoreSketch> shards;
        for (std::size_t begin = 0; begin < entries.size();) {
          const std::size_t end = std::min(entries.size(), begin + static_cast<std::size_t>(random.below(1500)));
          shards.push_back(sketch_of({entries.begin() + static_cast<std::ptrdiff_t>(begin),
                                      entries.begin() + static_cast<std::ptrdiff_t>(end)},
                                     capacity));
          begin = end;
        }
        ScoreSketch forwards(capacity), backwards(capacity);
        for (const auto& shard : shards) forwards.merge(shard);
        std::ranges::reverse(shards);
        for (const auto& shard : shards) backwards.merge(shard);
        BOOST_TEST((forwards == whole));
        BOOST_TEST((backwards == whole));
      }
    }
  }
  ScoreSketch one(1);
  BOOST_CHECK_EXCEPTION(one.merge(ScoreSketch(2)), DataError, [](const DataError& error) {
    return std::string(error.what()) == "sketches of capacities 1 and 2 cannot be merged";
  });
  BOOST_CHECK_THROW(ScoreSketch(0), OptionError);
}

BOOST_AUTO_TEST_CASE(without_yes_the_rules_of_average_precision_hold) {
  const ScoreSketch empty;
  BOOST_TEST(average_precision(empty).upper == 0);
  BOOST_TEST(std::isnan(average_precision(empty, WithoutPositives::left_out).value));
  BOOST_CHECK_THROW(average_precision(empty, WithoutPositives::error), DataError);
  BOOST_TEST(std::isnan(roc_auc(empty).value));
}

BOOST_AUTO_TEST_CASE(labels_have_sketches_of_their_known_entries) {
  constexpr int pictures = 400, labels = 37;
  Random random(3, 0, 0);
  LabelMatrix targets(pictures, labels);
  ScoreMatrix scores(pictures, labels);
  std::vector<Entries> entries(labels);
  for (int i = 0; i < pictures; ++i) {
    for (int k = 0; k < labels; ++k) {
      scores(i, k) = static_cast<float>(random.uniform());
      targets(i, k) = static_cast<std::int8_t>(static_cast<int>(random.below(3)) - 1);
      if (k == 5) targets(i, k) = -1;
      if (targets(i, k) >= 0) entries[static_cast<std::size_t>(k)].emplace_back(scores(i, k), targets(i, k) == 1);
    }
  }
  LabelSketches whole(labels, 64);
  whole.add(targets, scores, 3);
  double sum = 0;
  for (int k = 0; k < labels; ++k) {
    BOOST_TEST((whole[k] == sketch_of(entries[static_cast<std::size_t>(k)], 64)));
    sum += average_precision(whole[k]).value;
  }
  const auto precision = [](const ScoreSketch& label) { return average_precision(label); };
  BOOST_TEST(whole.macro(precision).value == sum / labels, boost::test_tools::tolerance(1e-14));
  const auto left_out = [](const ScoreSketch& label) { return average_precision(label, WithoutPositives::left_out); };
  BOOST_TEST(whole.macro(left_out).value == sum / (labels - 1), boost::test_tools::tolerance(1e-14));
  BOOST_TEST(whole.macro(left_out).lower < whole.macro(left_out).upper);

  LabelSketches first(labels, 64), second(labels, 64);
  first.add(targets.topRows(100), scores.topRows(100));
  second.add(targets.bottomRows(300), scores.bottomRows(300));
  second.merge(first);
  BOOST_TEST((second == whole));

  scores(3, 4) = std::numeric_limits<float>::quiet_NaN();
  BOOST_CHECK_THROW(second.add(targets, scores), DataError);
  BOOST_CHECK_THROW(second.add(targets, scores.topRows(10)), DataError);
  BOOST_CHECK_THROW(second.merge(LabelSketches(3)), DataError);
  BOOST_TEST((second == whole));
}

BOOST_AUTO_TEST_CASE(pictures_may_come_part_by_part) {
  constexpr std::int64_t labels = 3;
  Random random(4, 0, 0);
  std::vector<std::pair<LabelMatrix, ScoreMatrix>> parts;
  LabelSketches expected(labels);
  for (int part = 0; part < 5; ++part) {
    parts.emplace_back(LabelMatrix(200, labels), ScoreMatrix(200, labels));
    for (Eigen::Index i = 0; i < 200 * labels; ++i) {
      parts.back().first.data()[i] = random.chance(0.3);
      parts.back().second.data()[i] = static_cast<float>(random.uniform());
    }
    expected.add(parts.back().first, parts.back().second);
  }
  auto next_part = [&, part = parts.begin()](LabelMatrix& targets, ScoreMatrix& scores) mutable {
    if (part == parts.end()) return false;
    targets = part->first;
    scores = part->second;
    ++part;
    return true;
  };
  // [parts]
  tagger::LabelSketches sketches(labels);
  tagger::LabelMatrix targets;
  tagger::ScoreMatrix scores;
  while (next_part(targets, scores)) sketches.add(targets, scores, /*threads=*/2);
  const auto [value, lower, upper] =
      sketches.macro([](const tagger::ScoreSketch& label) { return average_precision(label); });
  // [parts]
  BOOST_TEST((sketches == expected));
  BOOST_TEST(lower < value);
  BOOST_TEST(value < upper);
}
