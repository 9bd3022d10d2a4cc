// What a run keeps of its thresholds and calibration.
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <limits>
#include <string>
#include <utility>
#include <vector>

#include <boost/test/unit_test.hpp>

#include <data/temporary_folder.hpp>
#include <tagger/data/annotations.hpp>
#include <tagger/file.hpp>
#include <tagger/report/json_value.hpp>
#include <tagger/run/in_sample.hpp>
#include <tagger/run/run_config.hpp>
#include <tagger/threshold/cut.hpp>

using namespace tagger;

namespace {

RunConfig config_of(std::vector<std::string> labels) {
  RunConfig config{.hub = {.backbone = "resnet18", .features = 512, .classes = 0, .labels = std::move(labels)}};
  config.hub.classes = static_cast<std::int64_t>(config.hub.labels.size());
  return config;
}

/// Pictures 0.jpg, 1.jpg, ... from `begin` on; every second has the first label.
Annotations pictures(int begin, int end, std::vector<std::string> labels = {"day", "night", "sea"}) {
  std::vector<Sample> samples;
  for (int i = begin; i < end; ++i) {
    samples.push_back({.image_name = std::to_string(i) + ".jpg"});
    if (i % 2 == 0) samples.back().yes = {labels[0] == "day" ? 0 : 2};
  }
  return {std::move(labels), std::move(samples), "validation.json"};
}

}  // namespace

BOOST_AUTO_TEST_SUITE(stored)

BOOST_AUTO_TEST_CASE(a_run_gives_back_what_was_chosen) {
  const TemporaryFolder folder;
  RunConfig config = config_of({"day", "night", "sea"});
  config.decision = {.threshold = 0.25,
                     .thresholds = {0.3F, just_below(0), std::nextafter(0.5F, 1.0F)},
                     .top_k = 2,
                     .exclusive = {{1, 0}, {0, 2}}};
  config.rule = "max_f1:shrink=5";
  config.chosen_on = chosen_on(pictures(0, 1000));
  for (const auto& maps : std::vector<decltype(Calibration::maps)>{
           std::vector<LogisticMap>{{0.1, 2}, {}, {-3, 1.0 / 3}},
           std::vector<PiecewiseMap>{{{0.1F, 0.7F}, {0, 1.0 / 3}}, {}, {{0}, {1}}}}) {
    config.calibration = {.method = "platt", .input = ScoreKind::margin, .maps = maps};
    write_run_config(folder.path() / "config.json", config);
    const RunConfig back = read_run_config(folder.path());
    BOOST_TEST((back.decision == config.decision));
    BOOST_TEST((back.calibration == config.calibration));
    BOOST_TEST((back.chosen_on == config.chosen_on));
    BOOST_TEST(back.rule == config.rule);
  }
  const Json own = read_json(folder.path() / "config.json").at("tagger");
  BOOST_TEST(own.at("thresholds").dump() == "[0.3,-1e-45,0.50000006]");
  BOOST_TEST(own.at("exclusive").dump() == R"([["night","day"],["day","sea"]])");
  config.decision = {.threshold = no_threshold, .top_k = 1};
  write_run_config(folder.path() / "config.json", config);
  BOOST_TEST((read_run_config(folder.path()).decision == config.decision));
}

BOOST_AUTO_TEST_CASE(runs_of_before_are_read) {
  const TemporaryFolder folder;
  Json json = to_json(config_of({"day", "night"}));
  json["tagger"]["threshold"] = 0.3;
  json["tagger"]["thresholds"] = {0.25, 0.1};
  folder.file("config.json", json.dump());
  const RunConfig config = read_run_config(folder.path());
  BOOST_TEST((config.decision == Decision{.threshold = 0.3, .thresholds = {0.25F, 0.1F}}));
  BOOST_TEST(!config.calibration);
  BOOST_TEST(!config.chosen_on);
  BOOST_TEST(check_in_sample(config, pictures(0, 10), false) == 0);
}

BOOST_AUTO_TEST_CASE(what_is_wrong_in_a_run_is_said_with_its_place) {
  const TemporaryFolder folder;
  const auto refused = [&](const std::function<void(Json&)>& spoil, const std::string& message) {
    RunConfig config = config_of({"day", "night"});
    config.calibration = {.method = "isotonic", .maps = std::vector<PiecewiseMap>{{{0, 1}, {0, 1}}, {}}};
    config.decision.exclusive = {{0, 1}};
    config.chosen_on = chosen_on(pictures(0, 3));
    Json json = to_json(config);
    spoil(json["tagger"]);
    folder.file("config.json", json.dump());
    BOOST_CHECK_EXCEPTION(read_run_config(folder.path()), DataError, [&](const DataError& error) {
      BOOST_TEST(error.what() == (folder.path() / "config.json").string() + ": tagger." + message);
      return true;
    });
  };
  refused([](Json& own) { own["threshold"] = 1e300; }, "threshold: is no finite number");
  refused([](Json& own) { own["thresholds"] = {0.5}; }, "thresholds: is not a number for each label");
  refused([](Json& own) { own["top_k"] = 0; }, "top_k: is less than 1");
  refused([](Json& own) { own["exclusive"][0][1] = "nigth"; },
          "exclusive[0]: unknown label \"nigth\"; valid: day, night; did you mean \"night\"?");
  refused([](Json& own) { own["exclusive"][0][1] = "day"; }, "exclusive[0]: label \"day\" is there twice");
  refused([](Json& own) { own["calibration"]["input"] = "logit"; },
          "calibration.input: unknown kind of scores \"logit\"; valid: probability, margin");
  refused([](Json& own) { own["calibration"]["scores"][0] = {1, 0}; }, "calibration.scores[0]: must ascend");
  refused([](Json& own) { own["calibration"]["probabilities"][0] = {0, 2}; },
          "calibration.probabilities[0]: must be probabilities that never fall");
  refused([](Json& own) { own["calibration"]["probabilities"].erase(1); },
          "calibration.probabilities: has not an element for each label");
  refused([](Json& own) { own["chosen_on"]["sketch"] = "0123"; }, "chosen_on.sketch: is not sixteen digits a picture");
}

// What others read of a WD tagger's folder stays as it was, and it is opened as before.
BOOST_AUTO_TEST_CASE(a_hub_folder_keeps_what_it_has) {
  const TemporaryFolder folder;
  folder.file("selected_tags.csv", "tag_id,name,category,count\n1,safe,9,1\n2,cat,0,1\n3,hero,4,1\n");
  folder.file("config.json", R"({"architecture": "resnet18", "num_classes": 3, "num_features": 512, "extra": [1.5],
    "pretrained_cfg": {"input_size": [3, 64, 64], "mean": [0.5, 0.5, 0.5], "std": [0.5, 0.5, 0.5], "custom": "x"}})");
  RunConfig config = read_run_config(folder.path());
  BOOST_TEST((config.decision.thresholds == std::vector<float>{0.5F, 0.35F, 0.85F}));
  const Json before = read_json(folder.path() / "config.json");
  config.decision.thresholds = {0.1F, 0.2F, 0.3F};
  config.rule = "max_f1";
  update_run_config(folder.path(), config);
  Json after = read_json(folder.path() / "config.json");
  const RunConfig back = read_run_config(folder.path());
  BOOST_TEST(dump_json(to_json(back)) == dump_json(to_json(config)));
  after.erase("tagger");
  after.erase("label_names");
  BOOST_TEST(after == before);
}

BOOST_AUTO_TEST_CASE(a_set_that_was_chosen_on_is_noticed) {
  RunConfig config = config_of({"day", "night", "sea"});
  config.rule = "max_f1";
  config.chosen_on = chosen_on(pictures(0, 5000));
  BOOST_TEST(config.chosen_on->sketch.size() == sketch_size);
  BOOST_TEST(check_in_sample(config, pictures(5000, 9000), false) == 0);
  BOOST_TEST(check_in_sample(config, pictures(0, 5000), true) == 5000);
  BOOST_TEST(check_in_sample(config, pictures(0, 5000, {"sea", "night", "day"}), true) == 5000);  // another order
  const auto half = static_cast<double>(check_in_sample(config, pictures(2500, 7500), true));
  BOOST_TEST(half == 2500, boost::test_tools::tolerance(0.25));
  BOOST_TEST(check_in_sample(config, pictures(4900, 5000), true) > 0);
  BOOST_CHECK_EXCEPTION(check_in_sample(config, pictures(0, 5000), false), OptionError, [](const OptionError& error) {
    return std::string(error.what())
        .starts_with(
            "thresholds (max_f1) were chosen on 5000 pictures of validation.json, "
            "of which about 5000 are among these 5000: ");
  });
  config.chosen_on = chosen_on(pictures(0, 4));
  BOOST_TEST(check_in_sample(config, pictures(3, 9), true) == 1);  // of few it is exact
}

BOOST_AUTO_TEST_SUITE_END()
