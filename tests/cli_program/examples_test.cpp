// The other programs, run on a few pictures.
#define BOOST_TEST_MODULE example_programs
#include <algorithm>
#include <chrono>
#include <cmath>
#include <string>
#include <thread>

#include <boost/test/unit_test.hpp>

#include <nlohmann/json.hpp>

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
  BOOST_TEST(run(CUSTOM_POLICY, "many.json b.json img brier").out == trained.out);  // the same loss by its name
  const auto unknown = run(CUSTOM_POLICY, "many.json b.json img bier");
  BOOST_TEST(unknown.status == 1);
  BOOST_TEST(unknown.message().find("unknown loss \"bier\"") != std::string::npos);
  BOOST_TEST(unknown.message().find("did you mean \"brier\"") != std::string::npos);
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
  BOOST_TEST(help.out.find("--losses A,B,...") != std::string::npos);
  const auto refused = [&](const std::string& more, int status, const std::string& message) {
    const auto outcome = run(CONFIGURATIONS, "--validation b.json --images img --output grid " + more);
    BOOST_TEST(outcome.status == status);
    BOOST_TEST(outcome.message().starts_with("configurations: " + message), outcome.message());
    BOOST_TEST(!fs::exists(path() / "grid"));
  };
  refused("--annotations no.json", 1, "no.json: No such file or directory");
  refused("--annotations a.json --heads linear,csar", 2, "--heads: \"linear,csar\": unknown head \"csar\"");
  refused("--annotations a.json --backbones resnet18,", 2, "--backbones: \"resnet18,\": unknown backbone \"\"");
  refused("--annotations a.json --losses zlpr,focal,zlpr", 2, "resnext50_32x4d linear zlpr: is given twice");
  refused("--annotations a.json --epochs 0", 2, "--epochs: needs 1 or more");
  refused("--annotations a.json --weights no.pth", 2, "--weights: no.pth: there is no such file or folder");
}

BOOST_FIXTURE_TEST_CASE(configurations_goes_on_where_it_was_stopped, Programs) {
  const std::string line = "--annotations a.json --validation b.json --images img --output grid" + method +
                           " --epochs 2 --heads linear,csra:heads=2 --losses zlpr,asymmetric:clip=0.1 --seeds 2";
  auto all = words(line);
  all.insert(all.begin(), CONFIGURATIONS);
  const auto folder_of = [&](const char* name) { return path() / "grid" / name; };
  const auto first = folder_of("resnet18-linear-zlpr-seed-2020"), second = folder_of("resnet18-linear-zlpr-seed-2021");
  // Interrupted as soon as the second is training, which its first checkpoint shows.
  const auto stopped = run_program(path(), all, "", {}, [&](pid_t process) {
    for (int i = 0; i < 30000 && !fs::exists(second / "checkpoints/step-000000000.safetensors"); ++i) {
      std::this_thread::sleep_for(std::chrono::milliseconds(1));
    }
    ::kill(process, SIGINT);
  });
  BOOST_TEST(stopped.status == 130);
  BOOST_TEST(stopped.message() == "stopped; the same command goes on");
  BOOST_TEST(stopped.out.find("linear, zlpr ") != std::string::npos);
  BOOST_TEST(stopped.out.find(" 1 of 2 ") != std::string::npos);
  BOOST_TEST(fs::exists(first / "result.json"));
  BOOST_TEST(!fs::exists(first / "checkpoints"));
  BOOST_TEST(!fs::exists(second / "result.json"));

  const auto result = bytes_of(first / "result.json");
  const auto finished = run(CONFIGURATIONS, line);
  BOOST_TEST_REQUIRE(finished.status == 0, finished.message());
  BOOST_TEST(finished.error.find("goes on from grid/resnet18-linear-zlpr-seed-2021/checkpoints/step-00000000") !=
             std::string::npos);
  BOOST_TEST((bytes_of(first / "result.json") == result));
  const auto whole = run(CONFIGURATIONS, "--annotations a.json --validation b.json --images img --output whole" +
                                             method + " --epochs 2 --loss zlpr --seed 2021");
  BOOST_TEST_REQUIRE(whole.status == 0, whole.message());
  BOOST_TEST((bytes_of(second / "model.safetensors") ==
              bytes_of(path() / "whole/resnet18-linear-zlpr-seed-2021/model.safetensors")));

  const auto rows = nlohmann::json::parse(bytes_of(path() / "grid/table.json"));
  BOOST_TEST_REQUIRE(rows.size() == 4U);
  for (const auto& row : rows) {
    BOOST_TEST(row["seeds"] == 2);
    BOOST_TEST(row["trials"].size() == 2U);
    const double a = row["trials"][0]["metrics"]["micro/f1"], b = row["trials"][1]["metrics"]["micro/f1"];
    BOOST_TEST(std::abs(double(row["micro/f1"]) - (a + b) / 2) < 1e-12);
    BOOST_TEST(std::abs(double(row["micro/f1 deviation"]) - std::abs(a - b) / std::sqrt(2.0)) < 1e-12);
    BOOST_TEST(double(row["peak_megabytes"]) > 10);
  }
  BOOST_TEST(rows[2]["head"] == "csra:heads=2");
  BOOST_TEST(rows[2]["configuration"] == "csra:heads=2, zlpr");
  const auto csv = bytes_of(path() / "grid/table.csv");
  BOOST_TEST(std::count(csv.begin(), csv.end(), '\n') == 5);
  BOOST_TEST(csv.starts_with("configuration,backbone,head,loss,seeds,micro/f1,micro/f1 deviation,"));
  const auto page = bytes_of(path() / "grid/report.html");
  BOOST_TEST(page.find("href=\"resnet18-csra-heads-2-asymmetric-clip-0.1-seed-2021/report.html\"") != page.npos);
  BOOST_TEST(page.find("://") == page.npos);

  const auto other = run(CONFIGURATIONS, line + " --learning-rate 0.5");
  BOOST_TEST(other.status == 2);
  BOOST_TEST(other.message() ==
             "configurations: grid/resnet18-linear-zlpr-seed-2020/result.json: was made with other settings: "
             "learning-rate was \"1e-4\", is \"0.5\"; choose another --output");
}

BOOST_FIXTURE_TEST_CASE(configurations_that_are_impossible_do_not_end_the_others, Programs) {
  const auto outcome = run(CONFIGURATIONS, "--annotations a.json --validation b.json --images img --output grid" +
                                               method + " --epochs 1 --heads query2label:width=100:heads=3,linear");
  BOOST_TEST(outcome.status == 1);
  const std::string reason = "a width of 100 cannot be shared out among 3 heads of attention";
  BOOST_TEST(outcome.out.find(reason) != std::string::npos);
  const auto rows = nlohmann::json::parse(bytes_of(path() / "grid/table.json"));
  BOOST_TEST_REQUIRE(rows.size() == 2U);
  BOOST_TEST(rows[0]["seeds"] == 0);
  BOOST_TEST(rows[0]["micro/f1"].is_null());
  BOOST_TEST(std::string(rows[0]["failed"]).starts_with(reason));
  BOOST_TEST(rows[1]["seeds"] == 1);
  BOOST_TEST(rows[1]["failed"] == "");
  BOOST_TEST(bytes_of(path() / "grid/report.html").find(reason) != std::string::npos);
}
#endif
