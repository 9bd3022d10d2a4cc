// Files with bytes flipped, cut, doubled and swapped: readers accept or refuse them, and never do anything else. Run it
// under sanitizers.
#define BOOST_TEST_MODULE data_mutation
#include <cstdio>
#include <filesystem>
#include <string>
#include <string_view>

#include <boost/test/unit_test.hpp>

#include <tagger/data/inspect.hpp>
#include <tagger/data/read_annotations.hpp>
#include <tagger/data/score_table.hpp>
#include <tagger/random.hpp>

#include "data/temporary_folder.hpp"

namespace {

std::string mutated(std::string text, tagger::Random& random) {
  for (auto edits = 1 + random.below(4); edits > 0 && !text.empty(); --edits) {
    const auto place = random.below(text.size());
    const auto length = 1 + random.below(8);
    switch (random.below(5)) {
      case 0:
        text[place] = static_cast<char>(random.below(256));
        break;
      case 1:
        text[place] = "{}[]\",:.-\\\n\r0 n"[random.below(15)];
        break;
      case 2:
        text.erase(place, length);
        break;
      case 3:
        text.insert(place, text.substr(random.below(text.size()), length));
        break;
      default:
        text.resize(place);
        break;
    }
  }
  return text;
}

/// How many of `count` mutations of `text` were accepted; anything but tagger::Error escapes and fails the test.
template <class Read>
int accepted(std::string_view text, int count, Read read) {
  const TemporaryFolder folder;
  int result = 0;
  for (int i = 0; i < count; ++i) {
    tagger::Random random{2020, 0, static_cast<std::uint64_t>(i)};
    const auto path = folder.path() / "mutated";
    {
      const std::string bytes = mutated(std::string(text), random);
      std::filesystem::remove(path);  // truncating a fresh file would flush it to the disk
      std::FILE* file = std::fopen(path.c_str(), "wb");
      std::fwrite(bytes.data(), 1, bytes.size(), file);
      std::fclose(file);
    }
    try {
      read(path);
      ++result;
    } catch (const tagger::Error& error) {
      BOOST_REQUIRE(std::string_view(error.what()).starts_with(path.string() + ": "));
    }
  }
  return result;
}

constexpr std::string_view annotations = R"({"samples": [
  {"image_name": "a.jpg", "image_labels": ["sky", "cl\u00f6uds"], "image_labels_unknown": ["sea"]},
  {"image_name": "b/c.jpg", "image_labels": [], "image_labels_absent": ["sea"], "more": [1, {"x": -2.5e3}]}], "labels": ["cl\u00f6uds", "sea", "sky"]})";
constexpr std::string_view scores = "image_name,sky,\"sea, \"\"deep\"\"\"\r\na.jpg,0.5,1\r\n\"b\",1e-3,0.0625\r\n";

constexpr int rounds = 1500;

}  // namespace

BOOST_AUTO_TEST_CASE(annotations_survive_mutation) {
  const int whole = accepted(annotations, rounds, [](const auto& path) { tagger::read_annotations(path); });
  BOOST_TEST(whole > 0);
  BOOST_TEST(whole < rounds);
  const int sound = accepted(annotations, rounds, [](const auto& path) {
    const auto found = tagger::inspect_annotations(path);
    if (!found.problems.empty()) throw tagger::DataError(path, "", "has problems");
  });
  BOOST_TEST(sound == whole);  // the two readers agree on every file
}

BOOST_AUTO_TEST_CASE(tables_survive_mutation) {
  const int whole = accepted(scores, rounds, [](const auto& path) { tagger::read_scores(path); });
  BOOST_TEST(whole > 0);
  BOOST_TEST(whole < rounds);
  accepted("sky,sea\n1,0\n-1,\n", rounds, [](const auto& path) { tagger::read_targets(path); });
}
