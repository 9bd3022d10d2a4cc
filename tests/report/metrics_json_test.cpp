#define BOOST_TEST_MODULE metrics_json
#include <boost/test/unit_test.hpp>

#include <unistd.h>

#include <cmath>
#include <filesystem>
#include <limits>
#include <string>
#include <string_view>

#include <tagger/random.hpp>
#include <tagger/report/history_json.hpp>
#include <tagger/report/metrics_json.hpp>

namespace {

const tagger::Evaluation kExample{.samples = 2,
                                  .threshold = 0.5,
                                  .metrics = {{"micro/precision", 0.7}, {"samples/f1", 1.0 / 3}},
                                  .labels = {{"sky", 61, 0.8, 0.25, 1e-300}, {"\"<空>\"", 0, 0, 0, 0}}};

std::string refusal(const std::string& text) {
  try {
    const auto json = tagger::parse_json(text, "m.json");
    tagger::history_from_json({json, "m.json"});
  } catch (const tagger::DataError& error) {
    return error.what();
  }
  return "accepted";
}

}  // namespace

BOOST_AUTO_TEST_CASE(the_shape_is_flat) {
  BOOST_TEST(
      tagger::dump_json(tagger::to_json(kExample)) ==
      R"({"samples":2,"threshold":0.5,"metrics":{"micro/precision":0.7,"samples/f1":0.3333333333333333},)"
      R"("labels":[{"name":"sky","support":61,"precision":0.8,"recall":0.25,"f1":1e-300,"absent":0,"unknown":0},)"
      R"({"name":"\"<空>\"","support":0,"precision":0.0,"recall":0.0,"f1":0.0,"absent":0,"unknown":0}]})");
  BOOST_TEST(tagger::dump_json(tagger::to_json(tagger::Evaluation{})) ==
             R"({"samples":0,"threshold":0.5,"metrics":{},"labels":[]})");
}

BOOST_AUTO_TEST_CASE(what_has_been_computed_is_written_and_read_back) {
  auto evaluation = kExample;
  evaluation.definitions = {{"average_precision", "step"}, {"decision", "score > 0.5"}};
  evaluation.intervals = {{"micro/precision", {0.65, 0.75}}};
  evaluation.in_sample = 2;
  evaluation.labels[0].unknown = 7;
  evaluation.labels[0].threshold = 0.25;
  evaluation.labels[0].average_precision = 0.1 + 0.2;
  evaluation.labels[0].intervals = {{"f1", {0, 0.5}}, {"recall", {0.125, 1}}};
  const auto json = tagger::to_json(evaluation);
  BOOST_TEST(tagger::dump_json(json["definitions"]) == R"({"average_precision":"step","decision":"score > 0.5"})");
  BOOST_TEST(tagger::dump_json(json["intervals"]) == R"({"micro/precision":[0.65,0.75]})");
  BOOST_TEST(tagger::dump_json(json["labels"][0]["intervals"]) == R"({"f1":[0.0,0.5],"recall":[0.125,1.0]})");
  BOOST_TEST(json["labels"][1].size() == 7U);
  const auto back = tagger::evaluation_from_json({json, "m.json"});
  BOOST_TEST((back == evaluation));
  BOOST_TEST(back.interval("micro/precision")->high == 0.75);
  BOOST_TEST(!back.interval("samples/f1").has_value());
  BOOST_TEST(back.labels[0].interval("recall")->low == 0.125);
}

BOOST_AUTO_TEST_CASE(a_number_that_is_not_defined_is_not_one_that_was_not_computed) {
  auto evaluation = kExample;
  evaluation.labels[0].roc_auc = std::nan("");
  const auto json = tagger::to_json(evaluation);
  const auto back = tagger::evaluation_from_json({json, "m.json"});
  BOOST_TEST(std::isnan(back.labels[0].roc_auc.value()));
  BOOST_TEST(!back.labels[0].brier.has_value());
}

BOOST_AUTO_TEST_CASE(files_of_the_first_version_are_read) {
  const auto json = tagger::parse_json(R"({"samples": 2, "threshold": 0.5, "metrics": {"micro/f1": 0.5},
    "labels": [{"name": "sky", "support": 1, "precision": 1.0, "recall": 0.5, "f1": null}]})",
                                       "m.json");
  const auto evaluation = tagger::evaluation_from_json({json, "m.json"});
  BOOST_TEST(evaluation.at("micro/f1") == 0.5);
  BOOST_TEST(std::isnan(evaluation.labels[0].f1));
  BOOST_TEST(evaluation.intervals.empty());
}

BOOST_AUTO_TEST_CASE(numbers_come_back_to_the_last_bit) {
  tagger::History history;
  tagger::Random random{1, 2, 3};
  for (int i = 0; i < 2000; ++i)
    history.step_loss.push_back(std::ldexp(random.uniform() - 0.5, static_cast<int>(random.below(600)) - 300));
  history.step_loss.push_back(std::numeric_limits<double>::denorm_min());
  history.step_loss.push_back(std::numeric_limits<double>::max());
  history.epochs = {{1, 156, 0.1 + 0.2}, {2, 312, 5e-324}};
  history.tests = {{200, kExample}, {312, {}}};

  const auto path = std::filesystem::temp_directory_path() / ("tagger-history-" + std::to_string(::getpid()));
  tagger::write_history(path, history);
  BOOST_TEST((tagger::read_history(path) == history));
  tagger::write_evaluation(path, kExample);
  BOOST_TEST((tagger::read_evaluation(path) == kExample));
  std::filesystem::remove(path);
}

BOOST_AUTO_TEST_CASE(what_is_not_defined_is_null) {
  tagger::Evaluation evaluation = kExample;
  evaluation.metrics[0].second = std::nan("");
  const auto json = tagger::to_json(evaluation);
  const auto text = tagger::dump_json(json);
  BOOST_TEST(text.find(R"("micro/precision":null)") != std::string::npos);
  const auto parsed = tagger::parse_json(text, "m.json");
  BOOST_TEST(std::isnan(tagger::evaluation_from_json({parsed, "m.json"}).metrics[0].second));
}

BOOST_AUTO_TEST_CASE(a_name_that_is_not_utf8_does_not_break_the_file) {
  tagger::Evaluation evaluation;
  evaluation.labels.push_back({.name = "\xFF"});
  BOOST_TEST(tagger::dump_json(tagger::to_json(evaluation)).find("\uFFFD") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(errors_name_file_and_place) {
  BOOST_TEST(refusal(R"({"step_loss":[],"epochs":[],"tests":[]})") == "accepted");
  BOOST_TEST(refusal("").starts_with("m.json: byte 1: is not JSON: at line 1, column 1: "), refusal(""));
  BOOST_TEST(refusal(R"({"step_loss":[1,)").starts_with("m.json: byte "));
  BOOST_TEST(refusal("[]") == "m.json: an object is expected here");
  BOOST_TEST(refusal("{}") == "m.json: step_loss: is missing");
  BOOST_TEST(refusal(R"({"step_loss":{}})") == "m.json: step_loss: an array is expected here");
  BOOST_TEST(refusal(R"({"step_loss":[0.5,"x"]})") == "m.json: step_loss[1]: a number or null is expected here");
  BOOST_TEST(refusal(R"({"step_loss":[],"epochs":[{"epoch":1.5}]})") ==
             "m.json: epochs[0].epoch: an integer is expected here");
  BOOST_TEST(refusal(R"({"step_loss":[],"epochs":[{"epoch":18446744073709551615}]})") ==
             "m.json: epochs[0].epoch: is too large");
  const std::string test = R"({"step_loss":[],"epochs":[],"tests":[{"step":1,"evaluation":)";
  BOOST_TEST(refusal(test + R"({"samples":1,"threshold":0.5,"metrics":{"micro/f1":"x"},"labels":[]}}]})") ==
             "m.json: tests[0].evaluation.metrics.micro/f1: a number or null is expected here");
  BOOST_TEST(refusal(test + R"({"samples":1,"threshold":0.5,"metrics":{},"labels":[{"name":3}]}}]})") ==
             "m.json: tests[0].evaluation.labels[0].name: a string is expected here");
  BOOST_TEST(refusal(test + R"({"samples":1,"threshold":0.5,"metrics":{},"intervals":{"a":[1]},"labels":[]}}]})") ==
             "m.json: tests[0].evaluation.intervals.a: is not two numbers");
}
