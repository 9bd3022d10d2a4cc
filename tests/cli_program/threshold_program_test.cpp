// tagger threshold: what it writes into a run, what predict and evaluate then do with it.
#define BOOST_TEST_MODULE threshold_program
#include <cstddef>
#include <sstream>
#include <string>
#include <vector>

#include <boost/test/unit_test.hpp>

#include <nlohmann/json.hpp>

#include "fixture.hpp"

namespace {

using Json = nlohmann::ordered_json;

struct Chosen : Fixture {
  Chosen() { make_run(); }

  Json own() const { return Json::parse(bytes_of(path() / "run/config.json")).at("tagger"); }
  Outcome choose(const std::string& more, const std::string& set = "a.json") const {
    return tagger("threshold --run run --annotations " + set + " --images img " + more);
  }
  Outcome evaluate(const std::string& set, const std::string& more = "") const {
    return tagger("evaluate --run run --annotations " + set + " --images img " + more);
  }
  /// What predict says of the pictures that the fixture has made: an object a picture.
  std::vector<Json> predict(const std::string& more = "") const {
    const auto outcome = tagger("predict --run run --format json " + more + " img");
    BOOST_TEST_REQUIRE(outcome.status == 0, outcome.error);
    std::vector<Json> pictures;
    std::istringstream lines(outcome.out);
    for (std::string line; std::getline(lines, line);) pictures.push_back(Json::parse(line));
    return pictures;
  }
};

}  // namespace

BOOST_FIXTURE_TEST_CASE(a_run_predicts_by_what_was_chosen, Chosen) {
  const auto raw = predict();
  const auto outcome = choose("--rule max_f1:shrink=1 --exclusive red,blue");
  BOOST_TEST_REQUIRE(outcome.status == 0, outcome.error);
  BOOST_TEST(outcome.out.find("\nred ") != std::string::npos);
  BOOST_TEST(outcome.out.find("only 4 pictures have it: 20 % that of all labels") != std::string::npos);
  BOOST_TEST(outcome.out.find("\nmacro ") != std::string::npos);
  BOOST_TEST(outcome.out.find("Written into run/config.json") != std::string::npos);
  const Json chosen = own();
  BOOST_TEST(chosen.at("rule") == "max_f1:shrink=1");
  BOOST_TEST(chosen.at("exclusive").dump() == R"([["red","blue"]])");
  BOOST_TEST(chosen.at("chosen_on").at("pictures") == 8);
  const auto thresholds = chosen.at("thresholds").get<std::vector<float>>();
  BOOST_TEST_REQUIRE(thresholds.size() == 3u);

  const auto pictures = predict();
  BOOST_TEST_REQUIRE(pictures.size() == 12u);
  const std::vector<std::string> names{"red", "green", "blue"};
  std::size_t excluded = 0;
  for (std::size_t i = 0; i < pictures.size(); ++i) {
    BOOST_TEST(pictures[i].at("scores") == raw[i].at("scores"));
    std::vector<std::string> expected;
    std::vector<float> scores;
    for (const auto& name : names) scores.push_back(pictures[i].at("scores").at(name).get<float>());
    const bool red = scores[0] > thresholds[0], blue = scores[2] > thresholds[2];
    excluded += red && blue ? 1 : 0;
    if (red && (!blue || scores[0] >= scores[2])) expected.emplace_back("red");
    if (scores[1] > thresholds[1]) expected.emplace_back("green");
    if (blue && (!red || scores[2] > scores[0])) expected.emplace_back("blue");
    BOOST_TEST(pictures[i].at("labels").get<std::vector<std::string>>() == expected, boost::test_tools::per_element());
  }
  BOOST_TEST(excluded > 0u);  // or the group has had nothing to do
  for (const auto& picture : predict("--threshold 0")) BOOST_TEST(picture.at("labels").size() == 2u);
}

BOOST_FIXTURE_TEST_CASE(scores_are_calibrated_and_what_replaces_that_takes_it_back, Chosen) {
  const auto raw = predict();
  for (const char* method : {"platt", "isotonic", "temperature:per_label=true"}) {
    const auto outcome = choose("--rule global_f1 --calibrate " + std::string(method));
    BOOST_TEST_REQUIRE(outcome.status == 0, outcome.error);
    BOOST_TEST(own().at("calibration").at("method") == method);
    BOOST_TEST(predict().front().at("scores") != raw.front().at("scores"));
  }
  BOOST_TEST(choose("--rule top_k:k=2").status == 0);
  BOOST_TEST(own().at("top_k") == 2);
  BOOST_TEST(own().at("threshold").is_null());
  for (const char* gone : {"calibration", "thresholds", "chosen_on", "exclusive"}) BOOST_TEST(!own().contains(gone));
  const auto pictures = predict();
  for (std::size_t i = 0; i < pictures.size(); ++i) {
    BOOST_TEST(pictures[i].at("scores") == raw[i].at("scores"));
    BOOST_TEST(pictures[i].at("labels").size() == 2u);
  }
}

BOOST_FIXTURE_TEST_CASE(pictures_that_were_chosen_on_are_not_evaluated_unasked, Chosen) {
  BOOST_TEST(choose("--rule recall:at_least=1").status == 0);
  refused(evaluate("a.json"),
          "thresholds (recall:at_least=1) were chosen on 8 pictures of a.json, of which about 8 are among these 8: "
          "scores on them say more than they should; score others, or say --in-sample",
          2);
  const auto outcome = evaluate("a.json", "--in-sample --json scores.json");
  BOOST_TEST(outcome.status == 0, outcome.error);
  BOOST_TEST(outcome.out.find("thresholds were chosen on about 8 of these pictures") != std::string::npos);
  const Json scores = Json::parse(bytes_of(path() / "scores.json"));
  BOOST_TEST(scores.at("in_sample") == 8);
  BOOST_TEST(scores.at("metrics").at("macro/recall") == 1.0);  // by the thresholds that were chosen
  const auto others = evaluate("b.json", "--json others.json");
  BOOST_TEST(others.status == 0, others.error);
  BOOST_TEST(others.out.find("chosen on") == std::string::npos);
  BOOST_TEST(!Json::parse(bytes_of(path() / "others.json")).contains("in_sample"));
  BOOST_TEST(choose("--rule fixed:value=0.5").status == 0);
  BOOST_TEST(evaluate("a.json").status == 0);  // nothing has been chosen on it
}

BOOST_FIXTURE_TEST_CASE(a_run_has_a_validation_set_of_its_own, Chosen) {
  const auto scored = choose("--rule break_even", "b.json");
  BOOST_TEST_REQUIRE(scored.status == 0, scored.error);
  const Json expected = own();
  BOOST_TEST(choose("--rule fixed").status == 0);
  const auto stored = tagger("threshold --run run --rule break_even");
  BOOST_TEST_REQUIRE(stored.status == 0, stored.error);
  BOOST_TEST(stored.out == scored.out);
  BOOST_TEST(own().at("thresholds") == expected.at("thresholds"));
  BOOST_TEST(own().at("chosen_on").at("sketch") == expected.at("chosen_on").at("sketch"));
  refused(evaluate("b.json"), "thresholds (break_even) were chosen on 4 pictures of run/validation_targets.csv, ", 2);
  refused(tagger("threshold --run run --annotations a.json"), "--annotations and --images come together", 2);
  std::filesystem::remove(path() / "run/validation_scores.csv");
  refused(tagger("threshold --run run"), "--annotations and --images are needed: run does not keep the scores of ", 2);
}

BOOST_FIXTURE_TEST_CASE(what_cannot_be_chosen_leaves_the_run_as_it_was, Chosen) {
  const std::string before = bytes_of(path() / "run/config.json");
  refused(choose("--rule maxf1"), "--rule: \"maxf1\": unknown threshold rule \"maxf1\"; valid: fixed, max_f1, ", 2);
  refused(choose("--rule precision:at_least=2"), "--rule: \"precision:at_least=2\": precision:at_least=2: must be ", 2);
  refused(choose("--calibrate plat"), "--calibrate: \"plat\": unknown calibration \"plat\"; valid: temperature, ", 2);
  refused(choose("--exclusive red,bleu"), "--exclusive red,bleu: unknown label \"bleu\"; valid: red, green, blue", 2);
  refused(choose("--exclusive red"), "--exclusive red: a group of labels that exclude each other needs two of them", 2);
  refused(choose("", "no.json"), "no.json: No such file or directory");
  {
    const FileSizeLimit full(64);
    BOOST_TEST(choose("").status != 0);
  }
  BOOST_TEST(bytes_of(path() / "run/config.json") == before);
  BOOST_TEST(files("run").find("partial") == std::string::npos);
}
