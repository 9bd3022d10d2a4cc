// What becomes of a picture's scores.
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <span>
#include <string>
#include <vector>

#include <boost/test/unit_test.hpp>

#include <tagger/report/json_value.hpp>
#include <tagger/threshold/decision.hpp>

#include "matrices.hpp"

using namespace tagger;

namespace {

std::string labels_of(std::vector<float> scores, const Decision& decision) {
  std::string text;
  for (const auto predicted : decide(scores, decision)) text += predicted == 1 ? '1' : '0';
  return text;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(decision)

BOOST_AUTO_TEST_CASE(decisions_are_those_of_the_oracle) {
  const Json golden = read_json(std::filesystem::path(TAGGER_TEST_DATA) / "threshold" / "thresholds.json");
  for (const auto& each : golden.at("decisions")) {
    const Decision decision{.thresholds = each.at("thresholds").get<std::vector<float>>(),
                            .top_k = each.at("top_k").get<std::int64_t>(),
                            .exclusive = each.at("exclusive").get<std::vector<std::vector<std::int64_t>>>()};
    const auto scores = matrix_of<ScoreMatrix>(each.at("scores"));
    const LabelMatrix predicted = decide(scores, decision);
    BOOST_TEST((predicted == matrix_of<LabelMatrix>(each.at("predicted"))).all(), each.at("exclusive"));
    for (Eigen::Index row = 0; row < scores.rows(); ++row) {
      const std::span picture(scores.row(row).data(), static_cast<std::size_t>(scores.cols()));
      const auto one = decide(picture, decision);
      BOOST_TEST((Eigen::Map<const LabelMatrix>(one.data(), 1, scores.cols()) == predicted.row(row)).all());
    }
  }
}

BOOST_AUTO_TEST_CASE(a_label_is_predicted_strictly_above_its_threshold_as_float32) {
  const float below = std::nextafter(0.3F, 0.0F), above = std::nextafter(0.3F, 1.0F);
  BOOST_TEST(labels_of({below, 0.3F, above, std::nanf("")}, {.threshold = 0.3}) == "0010");
  BOOST_TEST(labels_of({0.25F, 0.5F, 0.75F}, {.thresholds = {0, 0.5F, 0.8F}}) == "100");
  BOOST_TEST(labels_of({-1e30F, 0, std::nanf("")}, {.threshold = no_threshold}) == "110");
}

BOOST_AUTO_TEST_CASE(groups_come_before_the_number_of_labels) {
  const std::vector<float> scores{0.9F, 0.8F, 0.7F, 0.6F};
  BOOST_TEST(labels_of(scores, {.top_k = 2}) == "1100");
  BOOST_TEST(labels_of(scores, {.top_k = 2, .exclusive = {{0, 1}}}) == "1010");
  BOOST_TEST(labels_of(scores, {.exclusive = {{2, 3}, {1, 0}}}) == "1010");
  BOOST_TEST(labels_of(scores, {.thresholds = {0.95F, 0, 0, 0}, .exclusive = {{0, 1}}}) == "0111");  // 0 does not pass
  BOOST_TEST(labels_of({0.6F, 0.6F, 0.6F}, {.top_k = 1}) == "100");
  BOOST_TEST(labels_of({0.6F, 0.6F, 0.6F}, {.exclusive = {{2, 1}}}) == "110");
}

BOOST_AUTO_TEST_CASE(a_decision_of_other_labels_is_refused) {
  const auto refused = [](const Decision& decision, const std::string& message) {
    BOOST_CHECK_EXCEPTION(decide(ScoreMatrix::Zero(1, 2), decision), DataError,
                          [&](const DataError& error) { return error.what() == message; });
  };
  refused({.thresholds = {0.5F}}, "there are 1 thresholds for scores of 2 labels");
  refused({.exclusive = {{0, 2}}}, "an exclusive group has label 2 of 2");
}

BOOST_AUTO_TEST_SUITE_END()
