// The other programs, run on a few pictures.
#define BOOST_TEST_MODULE example_programs
#include <boost/test/unit_test.hpp>

#include "fixture.hpp"

namespace {

namespace fs = std::filesystem;

struct Programs : Fixture {
  Outcome run(const std::string& program, const std::string& line) const {
    auto all = words(line);
    all.insert(all.begin(), program);
    return run_program(path(), all);
  }
};

}  // namespace

BOOST_FIXTURE_TEST_CASE(embed_tags_with_the_threshold_of_the_run, Programs) {
  BOOST_TEST_REQUIRE(train("--output all --epochs 0 --threshold 0").status == 0);
  BOOST_TEST_REQUIRE(train("--output none --epochs 0 --threshold 1").status == 0);
  const auto all = run(EMBED, "all img/b1.jpg img/a0.jpg");
  BOOST_TEST(all.status == 0);
  BOOST_TEST(all.out == "img/b1.jpg: red green blue\nimg/a0.jpg: red green blue\n");
  const auto none = run(EMBED, "none img/a0.jpg");
  BOOST_TEST(none.status == 0);
  BOOST_TEST(none.out == "img/a0.jpg:\n");

  const auto some = run(EMBED, "all img/missing.jpg img/a0.jpg");
  BOOST_TEST((some.out + some.error).find("img/missing.jpg: No such file or directory\n") != std::string::npos);
  BOOST_TEST(some.out.ends_with("img/a0.jpg: red green blue\n"));
  const auto nowhere = run(EMBED, "nowhere img/a0.jpg");
  BOOST_TEST(nowhere.status == 1);
  BOOST_TEST(nowhere.message() == "embed: nowhere/config.json: No such file or directory");
  BOOST_TEST(run(EMBED, "all").status == 2);
  BOOST_TEST(run(EMBED, "all").message() == "usage: embed RUN PICTURE...");
}

BOOST_FIXTURE_TEST_CASE(custom_policy_trains_a_network_loss_and_averaging_of_its_own, Programs) {
  write_set("many.json", "m", 36);
  const auto trained = run(CUSTOM_POLICY, "many.json b.json img");
  BOOST_TEST(trained.status == 0);
  BOOST_TEST(trained.out.find("macro") != std::string::npos);
  BOOST_TEST(trained.out.find("frequent") != std::string::npos);
  BOOST_TEST(trained.out.find("micro") == std::string::npos);
  const auto missing = run(CUSTOM_POLICY, "many.json no.json img");
  BOOST_TEST(missing.status == 1);
  BOOST_TEST(missing.message() == "custom_policy: no.json: No such file or directory");
  BOOST_TEST(run(CUSTOM_POLICY, "many.json").status == 2);
}

BOOST_FIXTURE_TEST_CASE(nus_wide_prepares_trains_and_spares_the_runs_that_are_there, Programs) {
  BOOST_TEST_REQUIRE(
      train("--output start --epochs 0 --threads 2 --workers 1 --size 32 --backbone resnext50_32x4d", "").status == 0);
  write_set("all.json", "n", 14);  // n1 and n9 have no labels
  // One is larger than the others.
  const auto large = tagger::encode_jpeg(tagger::Picture(80, 60));
  folder.file("img/n2.jpg", {reinterpret_cast<const char*>(large.data()), large.size()});
  const std::string line =
      "--annotations all.json --images img --weights start/model.safetensors --size 32 --batch-size 4 --epochs 1 "
      "--max-pixels 2000 --workers 1 --labels 2 --output runs/new";
  const auto trained = run(NUS_WIDE, line + " --samples 10");
  BOOST_TEST_REQUIRE(trained.status == 0, trained.message());
  for (const char* averaging : {"micro", "macro", "samples"}) {
    BOOST_TEST(trained.out.find(averaging) != std::string::npos);
  }
  BOOST_TEST(
      trained.error.find("1 picture could not be read:\n  img/n2.jpg: 80x60 pixels are over the limit of 2000") !=
      std::string::npos);
  for (const char* name : {"config.json", "model.safetensors", "metrics.json", "report.html"}) {
    BOOST_TEST(fs::exists(path() / "runs/new" / name), name);
  }
  const auto train_set = bytes_of(path() / "runs/new/train.json"), test_set = bytes_of(path() / "runs/new/test.json");
  const auto parsed = nlohmann::json::parse(train_set);
  BOOST_TEST(parsed["labels"].size() == 2U);
  const auto test_samples = nlohmann::json::parse(test_set)["samples"].size();
  BOOST_TEST(parsed["samples"].size() + test_samples == 10U);
  BOOST_TEST((test_samples == 1 || test_samples == 2));

  const auto refused = run(NUS_WIDE, line + " --samples 6");
  BOOST_TEST(refused.status == 2);
  BOOST_TEST(refused.message().starts_with("nus_wide: runs/new: holds a run already; resume it"));
  BOOST_TEST((bytes_of(path() / "runs/new/train.json") == train_set));
  BOOST_TEST((bytes_of(path() / "runs/new/test.json") == test_set));
  const auto missing = run(NUS_WIDE, "--annotations no.json --images img --weights none.pth");
  BOOST_TEST(missing.status == 1);
  BOOST_TEST(missing.message() == "nus_wide: no.json: No such file or directory");
  BOOST_TEST(run(NUS_WIDE, "").status == 2);
}

#ifdef CONFIGURATIONS
BOOST_FIXTURE_TEST_CASE(configurations_answers_for_its_options, Programs) {
  const auto help = run(CONFIGURATIONS, "--help");
  BOOST_TEST(help.status == 0);
  BOOST_TEST(help.out.find("--annotations A.json") != std::string::npos);
  const auto missing = run(CONFIGURATIONS, "--annotations no.json --validation b.json --images img");
  BOOST_TEST(missing.status == 1);
  BOOST_TEST(missing.message() == "configurations: no.json: No such file or directory");
}
#endif
