#define BOOST_TEST_MODULE metrics
#include <cmath>
#include <fstream>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>

#include <boost/test/unit_test.hpp>

#include <tagger/averaging/macro.hpp>
#include <tagger/averaging/micro.hpp>
#include <tagger/averaging/per_label.hpp>
#include <tagger/averaging/samples.hpp>
#include <tagger/averaging/weighted.hpp>
#include <tagger/metrics/evaluate.hpp>
#include <tagger/random.hpp>

namespace {

using namespace tagger;
using nlohmann::json;

const json& golden() {
  static const json value = json::parse(std::ifstream(TAGGER_TEST_DATA "/metrics/metrics.json"));
  return value;
}

LabelMatrix matrix(const json& rows) {
  LabelMatrix result(static_cast<Eigen::Index>(rows.size()), static_cast<Eigen::Index>(rows[0].size()));
  for (Eigen::Index row = 0; row < result.rows(); ++row) {
    for (Eigen::Index column = 0; column < result.cols(); ++column) {
      result(row, column) = rows[static_cast<std::size_t>(row)][static_cast<std::size_t>(column)].get<std::int8_t>();
    }
  }
  return result;
}

std::vector<std::string> names(std::int64_t count) {
  std::vector<std::string> result;
  for (std::int64_t i = 0; i < count; ++i) result.push_back("label" + std::to_string(i));
  return result;
}

Confusion confusion_of(const LabelMatrix& targets, const LabelMatrix& predictions) {
  Confusion confusion(targets.cols());
  confusion.add(targets, predictions);
  return confusion;
}

void check_number(double value, const json& expected, const std::string& what) {
  BOOST_TEST_CONTEXT(what) {
    if (expected.is_null()) {
      BOOST_TEST(std::isnan(value));
    } else {
      BOOST_TEST(std::abs(value - expected.get<double>()) <= 1e-12);
    }
  }
}

struct Random23 {
  LabelMatrix targets{23, 4}, predictions{23, 4};
  ScoreMatrix scores{23, 4};
  Random23() {
    Random random{1, 0, 0};
    for (Eigen::Index i = 0; i < targets.size(); ++i) {
      targets.data()[i] = static_cast<std::int8_t>(static_cast<int>(random.below(3)) - 1);
      scores.data()[i] = static_cast<float>(random.below(5)) / 4;
      predictions.data()[i] = scores.data()[i] > 0.5F;
    }
  }
};

}  // namespace

BOOST_AUTO_TEST_CASE(agrees_with_scikit_learn) {
  for (const auto& each : golden()["cases"]) {
    const auto rule = each["zero_division"];
    const EvaluateOptions options{.zero_division = rule == "one"   ? ZeroDivision::one
                                                   : rule == "nan" ? ZeroDivision::nan
                                                                   : ZeroDivision::zero};
    const LabelMatrix targets = matrix(each["targets"]);
    const Confusion confusion = confusion_of(targets, matrix(each["predictions"]));
    const Evaluation evaluation =
        evaluate<Micro, Macro, Weighted, Samples, PerLabel>(confusion, names(targets.cols()), options);
    BOOST_TEST_CONTEXT(each["name"].get<std::string>() << ", zero_division " << rule) {
      for (const auto& [name, expected] : each["metrics"].items()) check_number(evaluation.at(name), expected, name);
      for (std::size_t i = 0; i < evaluation.labels.size(); ++i) {
        const LabelScore& row = evaluation.labels[i];
        const json& expected = each["labels"][i];
        check_number(row.precision, expected[0], row.name + " precision");
        check_number(row.recall, expected[1], row.name + " recall");
        check_number(row.f1, expected[2], row.name + " f1");
        BOOST_TEST(static_cast<double>(row.support) == expected[3].get<double>());
        check_number(evaluation.at("per_label/f1/" + row.name), expected[2], "per_label");
      }
    }
  }
  BOOST_TEST(golden()["cases"].size() >= 48U);
}

BOOST_AUTO_TEST_CASE(numbers_are_named_and_ordered) {
  LabelMatrix targets(2, 2), predictions(2, 2);
  targets << 1, 0, -1, 1;
  predictions << 1, 1, 1, 0;
  const auto evaluation =
      evaluate<Micro, Samples>(confusion_of(targets, predictions), {"sky", "sea"}, {.threshold = 0.25});
  std::vector<std::string> found;
  for (const auto& each : evaluation.metrics) found.push_back(each.first);
  const std::vector<std::string> expected{"micro/precision",   "micro/recall",   "micro/f1",
                                          "samples/precision", "samples/recall", "samples/f1"};
  BOOST_TEST(found == expected, boost::test_tools::per_element());
  BOOST_TEST(evaluation.samples == 2);
  BOOST_TEST(evaluation.threshold == 0.25);
  BOOST_TEST(evaluation.labels.size() == 2U);
  BOOST_TEST(evaluation.labels[0].name == "sky");
  BOOST_TEST(evaluation.labels[0].support == 1);
  BOOST_TEST(evaluation.labels[0].absent == 0);
  BOOST_TEST(evaluation.labels[0].unknown == 1);
  BOOST_TEST(evaluation.labels[0].precision == 1.0);  // the unknown one is no wrong prediction
  BOOST_TEST(evaluation.labels[1].support == 1);
  BOOST_TEST(evaluation.labels[1].f1 == 0.0);
}

BOOST_AUTO_TEST_CASE(a_score_at_the_threshold_is_not_predicted) {
  LabelMatrix targets(1, 4);
  ScoreMatrix scores(1, 4);
  targets << 1, 1, 1, 1;
  scores << 0.3F, std::nextafter(0.3F, 1.0F), std::nextafter(0.3F, 0.0F), std::nanf("");
  Confusion confusion(4);
  confusion.add(targets, scores, 0.3);  // 0.3F > 0.3 in double: it is compared as float
  const CountArray expected = (CountArray(4) << 0, 1, 0, 0).finished();
  BOOST_TEST((confusion.by_label().tp == expected).all());
  BOOST_TEST(confusion.by_sample().fn[0] == 3);
}

BOOST_FIXTURE_TEST_CASE(counts_of_shards_add_up, Random23) {
  const Confusion whole = confusion_of(targets, predictions);
  for (const Eigen::Index cut : {0, 1, 11, 23}) {
    Confusion first(4), second(4);
    first.add(targets.topRows(cut), predictions.topRows(cut));
    second.add(targets.bottomRows(23 - cut), scores.bottomRows(23 - cut), 0.5);
    first.merge(second);
    BOOST_TEST((first == whole));
    BOOST_TEST(first.samples() == 23);
  }
}

BOOST_FIXTURE_TEST_CASE(each_known_entry_is_counted_once, Random23) {
  const Confusion confusion = confusion_of(targets, predictions);
  const auto all = [](const Counts& counts) { return (counts.tp + counts.fp + counts.fn + counts.tn).sum(); };
  const auto known = (targets >= 0).count();
  BOOST_TEST(all(confusion.by_label()) == known);
  BOOST_TEST(all(confusion.by_sample()) == known);
  BOOST_TEST((confusion.by_sample().total() == confusion.by_label().total()));
}

BOOST_AUTO_TEST_CASE(a_view_of_a_larger_matrix_is_counted_right) {
  LabelMatrix targets = LabelMatrix::Ones(3, 5);
  LabelMatrix predictions = LabelMatrix::Ones(3, 5);
  predictions.rightCols(3).setZero();
  Confusion confusion(2);
  confusion.add(targets.leftCols(2), predictions.leftCols(2));
  BOOST_TEST((confusion.by_label().tp == 3).all());
  BOOST_TEST((confusion.by_label().fn == 0).all());
}

BOOST_AUTO_TEST_CASE(many_pictures_and_many_labels_are_counted_right) {
  constexpr Eigen::Index many = 140001;  // beyond twice what 16 bits hold
  const auto check = [](Eigen::Index pictures, Eigen::Index labels) {
    LabelMatrix targets(pictures, labels), predictions(pictures, labels);
    for (Eigen::Index i = 0; i < many; ++i) {  // of seven in a row: two unknown, three right yes, one wrong, one missed
      constexpr int target[]{-1, -1, 1, 1, 1, 0, 1}, predicted[]{0, 1, 1, 1, 1, 1, 0};
      targets.data()[i] = static_cast<std::int8_t>(target[i % 7]);
      predictions.data()[i] = static_cast<std::int8_t>(predicted[i % 7]);
    }
    const Confusion confusion = confusion_of(targets, predictions);
    for (const Counts& counts : {confusion.by_label(), confusion.by_sample()}) {
      const Counts total = counts.total();
      BOOST_TEST(total.tp[0] == 60000);
      BOOST_TEST(total.fp[0] == 20000);
      BOOST_TEST(total.fn[0] == 20000);
      BOOST_TEST(total.tn[0] == 0);
    }
    return evaluate<Micro, Samples>(confusion, names(labels));
  };
  const auto wide = check(1, many);
  BOOST_TEST(wide.at("samples/precision") == 0.75);
  const auto tall = check(many, 1);
  BOOST_TEST(tall.at("micro/recall") == 0.75);
  BOOST_TEST(std::abs(tall.at("samples/f1") - 60000.0 / many) < 1e-12);  // a picture with a right yes has 1, others 0
}

BOOST_AUTO_TEST_CASE(nothing_counted_has_documented_values) {
  const auto evaluation = evaluate<Micro, Macro, Weighted, Samples>(Confusion(2), {"a", "b"});
  BOOST_TEST(evaluation.samples == 0);
  BOOST_TEST(evaluation.at("micro/f1") == 0.0);
  BOOST_TEST(evaluation.at("weighted/f1") == 0.0);
  BOOST_TEST(std::isnan(evaluation.at("samples/f1")));  // the mean of no picture, as in scikit-learn
}

BOOST_AUTO_TEST_CASE(shapes_that_do_not_fit_are_refused) {
  const auto says = [](const std::string& expected) {
    return [expected](const DataError& error) { return error.what() == expected; };
  };
  Confusion confusion(2);
  BOOST_CHECK_EXCEPTION(confusion.add(LabelMatrix::Zero(3, 2), LabelMatrix::Zero(2, 2)), DataError,
                        says("targets are (3, 2), predictions are (2, 2)"));
  BOOST_CHECK_EXCEPTION(confusion.add(LabelMatrix::Zero(3, 4), ScoreMatrix::Zero(3, 4), 0.5), DataError,
                        says("targets are (3, 4) for 2 labels"));
  BOOST_CHECK_EXCEPTION(confusion.merge(Confusion(3)), DataError,
                        says("counts of 3 labels cannot be merged into counts of 2"));
  BOOST_CHECK_EXCEPTION(evaluate<Micro>(confusion, {"a"}), DataError,
                        says("there are 1 label names for counts of 2 labels"));
  BOOST_TEST(confusion.samples() == 0);
}
