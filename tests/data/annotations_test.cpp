#define BOOST_TEST_MODULE annotations
#include <ctime>
#include <string>
#include <string_view>
#include <vector>

#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

#include <tagger/data/label_tally.hpp>
#include <tagger/data/read_annotations.hpp>
#include <tagger/data/write_annotations.hpp>

#include "data/temporary_folder.hpp"

namespace {

using namespace tagger;

constexpr std::string_view good = R"({"samples": [
  {"image_name": "a.jpg", "image_labels": ["sky", "clouds"], "image_labels_unknown": ["sea"]},
  {"image_name": "b/c.jpg", "image_labels": []}], "labels": ["clouds", "sea", "sky"]})";

struct Case {
  const char* name;
  std::string text;
  std::string message;  // after "FILE: "
};
std::ostream& operator<<(std::ostream& out, const Case& each) { return out << each.name; }

// A file whose samples are `samples` and whose labels are clouds and sky.
std::string with_samples(const std::string& samples) {
  return R"({"labels": ["clouds", "sky"], "samples": [)" + samples + "]}";
}

const std::vector<Case> malformed{
    {"empty file", "",
     "line 1, column 1 (byte 0): syntax error while parsing value - unexpected end of input; expected '[', '{', or a "
     "literal (the file is empty)"},
    {"cut off in a list", "{\"samples\": [\n {\"image_name\": \"a.jpg\", \"image_labels\": [\"sky\"",
     "line 2, column 48 (byte 61): syntax error while parsing array - unexpected end of input; expected ']' (the file "
     "is "
     "cut off)"},
    {"cut off in a string", "{\"samples\": [{\"image_na",
     "line 1, column 24 (byte 23): syntax error while parsing object key - invalid string: missing closing quote (the "
     "file is cut off)"},
    {"text after the end", with_samples(R"({"image_name": "a", "image_labels": []})") + " x",
     "line 1, column 85 (byte 84): syntax error while parsing value - invalid literal"},
    {"no JSON", "image_name,sky\n", "line 1, column 1 (byte 0): syntax error while parsing value - invalid literal"},
    {"not UTF-8", "{\"labels\": [\"sk\xFF\"]}",
     "line 1, column 16 (byte 15): syntax error while parsing value - invalid string: ill-formed UTF-8 byte"},
    {"a list at the top", "[]", "the whole file: expected an object, found an array"},
    {"labels missing", R"({"samples": []})", "labels: is missing; the file must have a list of this name"},
    {"samples missing", R"({"labels": ["sky"]})", "samples: is missing; the file must have a list of this name"},
    {"labels no list", R"({"labels": "sky", "samples": []})", "labels: expected an array, found a string"},
    {"a label no string", R"({"labels": ["sky", 3], "samples": []})", "labels[1]: expected a string, found a number"},
    {"labels there twice", R"({"labels": [], "labels": []})", "labels: is there twice"},
    {"samples no list", R"({"samples": {}, "labels": []})", "samples: expected an array, found an object"},
    {"a sample no object", with_samples(R"({"image_name": "a", "image_labels": []}, null)"),
     "samples[1]: expected an object, found null"},
    {"name missing", with_samples(R"({"image_labels": []})"), "samples[0].image_name: is missing"},
    {"name no string", with_samples(R"({"image_name": true, "image_labels": []})"),
     "samples[0].image_name: expected a string, found a boolean"},
    {"name there twice", with_samples(R"({"image_name": "a", "image_name": "b"})"),
     "samples[0].image_name: is there twice"},
    {"labels of a sample missing", with_samples(R"({"image_name": "a"})"), "samples[0].image_labels: is missing"},
    {"labels of a sample no list", with_samples(R"({"image_name": "a", "image_labels": "sky"})"),
     "samples[0].image_labels: expected an array, found a string"},
    {"label of a sample no string", with_samples(R"({"image_name": "a", "image_labels": ["sky", [1]]})"),
     "samples[0].image_labels[1]: expected a string, found an array"},
    {"unknown labels no strings", with_samples(R"({"image_labels_unknown": [1.5]})"),
     "samples[0].image_labels_unknown[0]: expected a string, found a number"},
    {"a label of no list", with_samples(R"({"image_name": "a", "image_labels": ["sky", "cluods"]})"),
     R"(samples[0].image_labels[1]: "cluods" is not in labels; did you mean "clouds"?)"},
    {"a label like no other",
     with_samples(R"({"image_name": "a", "image_labels": [], "image_labels_unknown": ["house"]})"),
     R"(samples[0].image_labels_unknown[0]: "house" is not in labels)"},
    {"yes and unknown",
     with_samples(R"({"image_name": "a", "image_labels": ["sky"], "image_labels_unknown": ["sky"]})"),
     R"(samples[0]: "sky" is both in image_labels and in image_labels_unknown)"},
    {"yes and absent",
     with_samples(R"({"image_name": "a", "image_labels_absent": ["clouds", "sky"], "image_labels": ["sky"]})"),
     R"(samples[0]: "sky" is both in image_labels and in image_labels_absent)"},
    {"unknown and absent", with_samples(R"({"image_name": "a", "image_labels": [], "image_labels_unknown": ["sky"],
                      "image_labels_absent": ["sky"]})"),
     R"(samples[0]: "sky" is both in image_labels_unknown and in image_labels_absent)"},
    {"absent labels no list", with_samples(R"({"image_name": "a", "image_labels": [], "image_labels_absent": 0})"),
     "samples[0].image_labels_absent: expected an array, found a number"},
    {"an absent label of no list",
     with_samples(R"({"image_name": "a", "image_labels": [], "image_labels_absent": ["sky", "cluods"]})"),
     R"(samples[0].image_labels_absent[1]: "cluods" is not in labels; did you mean "clouds"?)"},
    {"a picture twice",
     with_samples(R"({"image_name": "a", "image_labels": []}, {"image_name": "b", "image_labels": []},
                     {"image_name": "a", "image_labels": ["sky"]})"),
     R"(samples[2].image_name: "a" is listed twice, first as samples[0])"},
    {"no samples", with_samples(""), "samples: is empty; at least one picture is needed"},
    {"no labels", R"({"samples": [{"image_name": "a", "image_labels": []}], "labels": []})",
     "labels: is empty; at least one label is needed"},
    {"a label twice", R"({"labels": ["sky", "sea", "sky"], "samples": []})",
     R"(labels[2]: "sky" is listed twice, first as labels[0])"},
    {"a nameless label", R"({"labels": [""], "samples": []})", "labels[0]: is an empty name"},
    {"a nameless picture", with_samples(R"({"image_name": "", "image_labels": []})"),
     R"(samples[0].image_name: "" is empty)"},
    {"an absolute picture", with_samples(R"({"image_name": "/etc/passwd", "image_labels": []})"),
     R"(samples[0].image_name: "/etc/passwd" is an absolute path; give it relative to the folder of pictures)"},
    {"a picture elsewhere", with_samples(R"({"image_name": "b/../../a", "image_labels": []})"),
     R"(samples[0].image_name: "b/../../a" leaves the folder of pictures by "..")"},
};

}  // namespace

BOOST_AUTO_TEST_CASE(the_format_is_read) {
  const TemporaryFolder folder;
  const auto path = folder.file("a.json", good);
  const Annotations annotations = read_annotations(path);
  const std::vector<std::string> labels{"clouds", "sea", "sky"};
  BOOST_TEST(annotations.labels() == labels, boost::test_tools::per_element());
  BOOST_TEST(annotations.source() == path);
  BOOST_REQUIRE(annotations.size() == 2U);
  BOOST_CHECK((annotations.samples()[0] == Sample{"a.jpg", {0, 2}, {1}}));
  BOOST_CHECK((annotations.samples()[1] == Sample{"b/c.jpg", {}, {}}));
  LabelMatrix expected(2, 3);
  expected << 1, -1, 1, 0, 0, 0;
  BOOST_TEST((annotations.targets() == expected).all());
}

BOOST_AUTO_TEST_CASE(with_absent_labels_the_rest_is_unknown) {
  const TemporaryFolder folder;
  const Annotations annotations = read_annotations(folder.file("a.json", R"({"samples": [
      {"image_name": "a", "image_labels": ["d"], "image_labels_absent": ["b", "a"], "image_labels_unknown": ["c"]},
      {"image_name": "b", "image_labels_absent": [], "image_labels": []},
      {"image_name": "c", "image_labels": ["a"], "image_labels_unknown": ["d"]}], "labels": ["a", "b", "c", "d", "e"]})"));
  LabelMatrix expected(3, 5);
  expected << 0, 0, -1, 1, -1, -1, -1, -1, -1, -1, 1, 0, 0, -1, 0;
  BOOST_TEST((annotations.targets() == expected).all());
  for (std::size_t i = 0; i < 3; ++i) {
    for (std::size_t k = 0; k < 5; ++k) {
      const auto value = expected(static_cast<Eigen::Index>(i), static_cast<Eigen::Index>(k));
      BOOST_TEST(static_cast<int>(annotations.label(i, k)) == static_cast<int>(value));
    }
  }
  BOOST_CHECK((annotations.samples()[0] == Sample{"a", {3}, {}, {0, 1}, Label::unknown}));

  const LabelTally tally = label_tally(annotations);
  for (Eigen::Index k = 0; k < 5; ++k) {
    BOOST_TEST(tally.yes[static_cast<std::size_t>(k)] == (expected.col(k) == 1).count());
    BOOST_TEST(tally.no[static_cast<std::size_t>(k)] == (expected.col(k) == 0).count());
    BOOST_TEST(tally.known(static_cast<std::size_t>(k)) == (expected.col(k) >= 0).count());
  }
}

BOOST_AUTO_TEST_CASE(other_keys_and_repeated_labels_do_no_harm) {
  const TemporaryFolder folder;
  const auto annotations = read_annotations(folder.file("a.json", R"({
    "info": {"labels": [1, {"samples": [[]]}], "image_name": 3}, "version": 1.5, "labels": ["sky"],
    "samples": [{"id": [{"image_name": 4}], "image_name": "..a..jpg", "image_labels": ["sky", "sky"], "x": null}]})"));
  BOOST_CHECK((annotations.samples()[0] == Sample{"..a..jpg", {0}, {}}));
}

BOOST_AUTO_TEST_CASE(as_many_samples_as_the_recipe_has_are_read_in_less_than_a_second) {
  constexpr int label_count = 81, count = 170'000;
  std::vector<std::string> labels;
  for (int i = 0; i < label_count; ++i) labels.push_back("concept" + std::to_string(i));
  std::vector<Sample> samples;
  for (int i = 0; i < count; ++i) {
    samples.push_back({"folder" + std::to_string(i % 700) + "/" + std::to_string(i) + ".jpg",
                       {i % label_count, i * 7 % label_count, i * 13 % label_count},
                       {}});
  }
  const TemporaryFolder folder;
  const Annotations written(std::move(labels), std::move(samples));
  write_annotations(folder.path() / "a.json", written);
  // Seconds of the processor, so that a busy machine does not count.
  const std::clock_t begin = std::clock();
  const auto read = read_annotations(folder.path() / "a.json");
  const double seconds = static_cast<double>(std::clock() - begin) / CLOCKS_PER_SEC;
  BOOST_TEST_MESSAGE(count << " samples read in " << seconds << " s");
#if !defined(__SANITIZE_ADDRESS__) && defined(__OPTIMIZE__)
  BOOST_TEST(seconds < 1);
#endif
  BOOST_CHECK(read.samples() == written.samples());
}

BOOST_DATA_TEST_CASE(malformed_files_are_refused_by_name_and_place, malformed) {
  const TemporaryFolder folder;
  const auto path = folder.file("a.json", sample.text);
  try {
    read_annotations(path);
    BOOST_ERROR("not refused");
  } catch (const DataError& error) {
    BOOST_TEST(error.what() == path.string() + ": " + sample.message);
  }
}

BOOST_AUTO_TEST_CASE(every_cut_is_refused_with_its_byte) {
  const TemporaryFolder folder;
  for (std::size_t length = 1; length < good.size(); ++length) {
    const auto path = folder.file("a.json", good.substr(0, length));
    BOOST_CHECK_EXCEPTION(read_annotations(path), DataError, [&](const DataError& error) {
      const std::string what = error.what();
      return what.find("(byte " + std::to_string(length) + ")") != std::string::npos &&
             what.ends_with("(the file is cut off)");
    });
  }
}

BOOST_AUTO_TEST_CASE(files_that_are_not_there_are_named) {
  BOOST_CHECK_EXCEPTION(read_annotations("/nowhere/a.json"), FileError, [](const FileError& error) {
    return std::string(error.what()) == "/nowhere/a.json: No such file or directory";
  });
}

BOOST_AUTO_TEST_CASE(annotations_made_in_memory_are_checked_too) {
  const Annotations annotations({"a", "b"}, {{"x.jpg", {1, 0, 1}, {}}});
  BOOST_CHECK((annotations.samples()[0] == Sample{"x.jpg", {0, 1}, {}}));
  BOOST_CHECK_EXCEPTION(Annotations({"a"}, {{"x.jpg", {1}, {}}}), DataError, [](const DataError& error) {
    return std::string(error.what()) == "samples[0]: a label's index is not in 0 ... 0";
  });
  BOOST_CHECK_THROW(Annotations({"a"}, {{"x.jpg", {}, {-1}}}), DataError);
  BOOST_CHECK_THROW(Annotations({"a"}, {{"x.jpg", {}, {}, {1}}}), DataError);
  BOOST_CHECK_THROW(Annotations({"a"}, {{"x.jpg", {}, {}, {}, Label::yes}}), DataError);
  // Whatever says what the rest says anyway is dropped.
  BOOST_CHECK((Annotations({"a"}, {{"x.jpg", {}, {}, {0}}}).samples()[0] == Sample{"x.jpg"}));
}

BOOST_AUTO_TEST_CASE(what_is_written_is_read_back) {
  const TemporaryFolder folder;
  const Annotations annotations({"sky \"blue\"", "na\xC3\xAFve\n", "\\"}, {{"d/\xE7\x8C\xAB.jpg", {0, 2}, {1}},
                                                                           {"tab\t.png"},
                                                                           {"b.png", {1}, {}, {0}, Label::unknown},
                                                                           {"c.png", {}, {}, {}, Label::unknown}});
  write_annotations(folder.path() / "a.json", annotations);
  const auto again = read_annotations(folder.path() / "a.json");
  BOOST_CHECK(again.labels() == annotations.labels());
  BOOST_CHECK(again.samples() == annotations.samples());
}

BOOST_AUTO_TEST_CASE(a_failed_write_leaves_the_old_file) {
  const TemporaryFolder folder;
  const auto path = folder.file("a.json", good);
  const Annotations annotations({"sky\xFF"}, {{"a.jpg", {0}, {}}}, "lists/a.txt");
  BOOST_CHECK_EXCEPTION(write_annotations(path, annotations), DataError, [](const DataError& error) {
    return std::string(error.what()).starts_with("lists/a.txt: a name is not valid UTF-8");
  });
  BOOST_TEST(read_annotations(path).size() == 2U);
  BOOST_CHECK_THROW(write_annotations(folder.path() / "none" / "a.json", read_annotations(path)), FileError);
}
