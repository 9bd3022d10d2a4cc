// `tagger prepare` from the outside.
#define BOOST_TEST_MODULE prepare_program
#include <cstddef>
#include <filesystem>
#include <set>
#include <string>
#include <vector>

#include <boost/test/unit_test.hpp>

#include <tagger/data/read_annotations.hpp>
#include <tagger/data/write_annotations.hpp>

#include "support.hpp"

namespace {

using tagger::Annotations;
using tagger::Sample;

/// A folder with all.json: 60 pictures in ten folders, every third with "sea", every fifth with "moon", all with "sky".
struct Fixture {
  TemporaryFolder folder;

  Fixture() {
    std::vector<Sample> samples;
    for (int i = 0; i < 60; ++i) {
      Sample sample{.image_name = std::to_string(i % 10) + "/" + std::to_string(i) + ".jpg", .yes = {1}};
      if (i % 3 == 0) sample.yes.push_back(0);
      if (i % 5 == 0) sample.yes.push_back(2);
      samples.push_back(std::move(sample));
    }
    tagger::write_annotations(folder.path() / "all.json", Annotations({"sea", "sky", "moon"}, std::move(samples)));
  }

  Outcome prepare(const std::string& options) const {
    return run_tagger(folder.path(), words("prepare --annotations all.json --labels 3 " + options));
  }
  Annotations read(const std::string& name) const { return tagger::read_annotations(folder.path() / name); }

  std::set<std::string> folders(const std::string& name) const {
    std::set<std::string> names;
    const Annotations part = read(name);
    for (const Sample& sample : part.samples()) {
      names.insert(std::filesystem::path(sample.image_name).parent_path().string());
    }
    return names;
  }
};

void refused(const Outcome& outcome, const std::string& message) {
  BOOST_TEST(outcome.status != 0);
  BOOST_TEST(outcome.message().find(message) != std::string::npos, outcome.message());
}

}  // namespace

BOOST_FIXTURE_TEST_CASE(the_default_is_the_published_recipes_split, Fixture) {
  const auto outcome = prepare("--train a.json --validation b.json");
  BOOST_TEST(outcome.status == 0, outcome.error);
  BOOST_TEST(outcome.out.starts_with("a.json: 50 pictures\nb.json: 10 pictures\n"), outcome.out);
  BOOST_TEST(read("a.json").samples().back().image_name == "9/49.jpg");
  BOOST_TEST(read("b.json").samples().front().image_name == "0/50.jpg");
}

BOOST_FIXTURE_TEST_CASE(labels_are_shared_out_among_three_parts, Fixture) {
  const auto outcome = prepare("--train a.json --validation b.json --test c.json --train-parts 3 --split stratified");
  BOOST_TEST(outcome.status == 0, outcome.error);
  BOOST_TEST(outcome.out.find("share of            pictures   train  validation    test  deviation\n") !=
             std::string::npos);
  BOOST_TEST(outcome.out.rfind("\nmoon ") < outcome.out.rfind("\nsea "));  // 12 pictures do not go into 3 : 1 : 1
  BOOST_TEST(
      outcome.out.find("sea                       20  60.0 %      20.0 %  20.0 %      0.0 %\n") != std::string::npos,
      outcome.out);
  BOOST_TEST(read("a.json").size() + read("b.json").size() + read("c.json").size() == 60U);
}

BOOST_FIXTURE_TEST_CASE(folds_are_pairs_of_files, Fixture) {
  const auto outcome = prepare("--train train{}.json --validation test{}.json --folds 4 --split random:seed=3");
  BOOST_TEST(outcome.status == 0, outcome.error);
  std::set<std::string> tested;
  for (const std::string fold : {"1", "2", "3", "4"}) {
    BOOST_TEST(read("train" + fold + ".json").size() == 45U);
    const Annotations test = read("test" + fold + ".json");
    for (const Sample& sample : test.samples()) tested.insert(sample.image_name);
  }
  BOOST_TEST(tested.size() == 60U);
}

BOOST_FIXTURE_TEST_CASE(folders_and_scenes_stay_together, Fixture) {
  BOOST_TEST(prepare("--train a.json --validation b.json --split stratified --group-by-folder").status == 0);
  BOOST_TEST(folders("a.json").size() + folders("b.json").size() == 10U);

  const Annotations all = read("all.json");
  std::string scenes = "image_name,group\n";
  for (const Sample& sample : all.samples()) {
    scenes += sample.image_name + ",folder " + sample.image_name.substr(0, 1) + "\n";
  }
  folder.file("scenes.csv", scenes);
  BOOST_TEST(prepare("--train c.json --validation d.json --split stratified --groups scenes.csv").status == 0);
  BOOST_CHECK(read("c.json").samples() == read("a.json").samples());
  BOOST_CHECK(read("d.json").samples() == read("b.json").samples());
}

BOOST_FIXTURE_TEST_CASE(what_does_not_fit_is_refused, Fixture) {
  folder.file("few.csv", "image_name,group\n0/0.jpg,a\n");
  const std::string files = "--train a.json --validation b.json ";
  refused(prepare(files + "--folds 3"),
          "--train: a.json: with --folds it needs a {} where the number of the fold goes");
  refused(prepare("--train a{}.json --validation b{}.json --test c.json --folds 3"), "--test: --folds makes no third");
  refused(prepare(files + "--split startified"), "unknown split \"startified\"; valid: first, random, stratified");
  refused(prepare(files + "--groups few.csv"), "few.csv: has no line for picture \"1/1.jpg\" of all.json");
  refused(prepare(files + "--groups few.csv --group-by-folder"), "choose one of the two");
  BOOST_TEST(!std::filesystem::exists(folder.path() / "a.json"));
}
