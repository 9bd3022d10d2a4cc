#define BOOST_TEST_MODULE inspect
#include <algorithm>
#include <string>
#include <vector>

#include <boost/test/unit_test.hpp>

#include <tagger/data/inspect.hpp>

#include "data/temporary_folder.hpp"

namespace {

using namespace tagger;
using Names = std::vector<std::string>;

Names texts(const std::vector<Problem>& problems) {
  Names result;
  for (const auto& each : problems) result.push_back(each.place + ": " + each.what);
  return result;
}

}  // namespace

BOOST_AUTO_TEST_CASE(sound_annotations_have_no_problems) {
  const TemporaryFolder folder;
  const auto path = folder.file("a.json", R"({"samples": [
      {"image_name": "a.jpg", "image_labels": ["sky"]}, {"image_name": "b/b.jpg", "image_labels": ["sea", "sky"]},
      {"image_name": "c.jpg", "image_labels": []}], "labels": ["sea", "sky", "sun"]})");
  folder.file("images/a.jpg", "");
  folder.file("images/b/b.jpg", "");
  const auto found = inspect_annotations(path, folder.path() / "images");
  BOOST_TEST(found.samples == 3U);
  BOOST_CHECK((found.distribution == std::vector<LabelCount>{{"sky", 2}, {"sea", 1}, {"sun", 0}}));
  BOOST_TEST(found.tally.text(found.samples) == "3 yes, 6 no, 0 unknown");
  BOOST_TEST(found.problems.size() == 0U);
  BOOST_CHECK(found.unused_labels == Names{"sun"});
  BOOST_CHECK(found.samples_without_labels == Names{"c.jpg"});
  BOOST_CHECK(found.missing_pictures == Names{"c.jpg"});
  BOOST_TEST(!found.usable());
  BOOST_TEST(inspect_annotations(path).usable());
}

BOOST_AUTO_TEST_CASE(every_problem_is_listed_with_its_place) {
  const TemporaryFolder folder;
  const auto path = folder.file("a.json", R"({"samples": [
      7,
      {"image_name": "a.jpg", "image_labels": ["sky", 1, "skyy"]},
      {"image_name": 3, "image_labels": ["sky"]},
      {"image_name": "a.jpg"},
      {"image_name": "../b.jpg", "image_labels": ["sky"], "image_labels_unknown": ["sky", "rain"]}
      ], "labels": [null, "sky", "sky"]})");
  const auto found = inspect_annotations(path, folder.path());
  const Names expected{
      "samples[0]: expected an object, found a number",
      "samples[1].image_labels[1]: expected a string, found a number",
      "samples[2].image_name: expected a string, found a number",
      "samples[3].image_labels: is missing",
      "labels[0]: expected a string, found null",
      "samples[1].image_labels[2]: \"skyy\" is not in labels; did you mean \"sky\"?",
      "samples[4].image_labels_unknown[1]: \"rain\" is not in labels",
      "labels[2]: \"sky\" is listed twice, first as labels[1]",
      "samples[3].image_name: \"a.jpg\" is listed twice, first as samples[1]",
      "samples[4].image_name: \"../b.jpg\" leaves the folder of pictures by \"..\"",
      "samples[4]: \"sky\" is both in image_labels and in image_labels_unknown",
  };
  BOOST_TEST(texts(found.problems) == expected, boost::test_tools::per_element());
  BOOST_TEST(found.samples == 3U);
}

BOOST_AUTO_TEST_CASE(what_comes_before_a_cut_is_inspected) {
  const TemporaryFolder folder;
  const auto labels_first = inspect_annotations(folder.file(
      "a.json", R"({"labels": ["sky"], "samples": [{"image_name": "a", "image_labels": ["sky"]}, {"image_)"));
  BOOST_TEST(labels_first.samples == 1U);
  BOOST_TEST(labels_first.distribution[0].count == 1);
  BOOST_TEST(labels_first.problems.size() == 1U);
  const auto samples_first =
      inspect_annotations(folder.file("b.json", R"({"samples": [{"image_name": "a", "image_labels": ["sky"]}, )"));
  BOOST_TEST(samples_first.samples == 1U);
  BOOST_TEST(samples_first.problems.size() == 1U);  // the cut alone: nobody knows the labels
}

BOOST_AUTO_TEST_CASE(an_empty_set_is_a_problem) {
  const TemporaryFolder folder;
  const auto found = inspect_annotations(folder.file("a.json", R"({"samples": [], "labels": []})"));
  const Names expected{"labels: is empty; at least one label is needed",
                       "samples: is empty; at least one picture is needed"};
  BOOST_TEST(texts(found.problems) == expected, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(a_folder_that_is_not_there_is_named) {
  const TemporaryFolder folder;
  const auto path = folder.file("a.json", "{}");
  BOOST_CHECK_EXCEPTION(inspect_annotations(path, "/nowhere"), FileError,
                        [](const auto& error) { return std::string(error.what()) == "/nowhere: is not a folder"; });
}
