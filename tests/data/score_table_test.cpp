#define BOOST_TEST_MODULE score_table
#include <clocale>
#include <cstring>
#include <limits>
#include <string>
#include <vector>

#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

#include <tagger/data/match_targets.hpp>
#include <tagger/data/score_table.hpp>
#include <tagger/random.hpp>

#include "data/temporary_folder.hpp"

namespace {

using namespace tagger;
using Names = std::vector<std::string>;

struct Case {
  std::string text;
  std::string message;  // after "FILE: "
};
std::ostream& operator<<(std::ostream& out, const Case& each) { return out << each.message; }

const std::vector<Case> bad_scores{
    {"", "is empty; a header line of label names is needed"},
    {"\n\n", "is empty; a header line of label names is needed"},
    {"sky,sea\n", "has a header line, but no picture"},
    {"image_name\na.jpg\n", "line 1, column 1: the header line names no label"},
    {"sky,,sea\n", "line 1, column 5: a label without a name"},
    {"sky,sea,sky\n", "line 1, column 9: label \"sky\" has two columns"},
    {"sky,sea\n0.5,0.25\n0.5\n", "line 3, column 1: the line has only 1 numbers, the header has 2 labels"},
    {"sky,sea\n0.5,0.25,0\n", "line 2, column 5: the line has more than 2 numbers, the header has 2 labels"},
    {"path,sky\na.jpg\n", "line 2, column 1: the line has no number, the header has 1"},
    {"path,sky\na.jpg,1\nb.jpg,0\na.jpg,0\n", "line 4, column 1: picture \"a.jpg\" has two lines"},
    {"sky,sea\n0.5,high\n", "line 2, column 5: \"high\" is no score of label \"sea\": a number in [0, 1] is needed"},
    {"sky,sea\n0.5,\n", "line 2, column 5: \"\" is no score of label \"sea\": a number in [0, 1] is needed"},
    {"sky\n1.5\n", "line 2, column 1: \"1.5\" is no score of label \"sky\": a number in [0, 1] is needed"},
    {"sky\n-0.1\n", "line 2, column 1: \"-0.1\" is no score of label \"sky\": a number in [0, 1] is needed"},
    {"sky\nnan\n", "line 2, column 1: \"nan\" is no score of label \"sky\": a number in [0, 1] is needed"},
    {"sky\ninf\n", "line 2, column 1: \"inf\" is no score of label \"sky\": a number in [0, 1] is needed"},
    {"sky\n1e99\n", "line 2, column 1: \"1e99\" is no score of label \"sky\": a number in [0, 1] is needed"},
    {"sky\n0.5x\n", "line 2, column 1: \"0.5x\" is no score of label \"sky\": a number in [0, 1] is needed"},
    {"sky\n\"0,5\"\n", "line 2, column 1: \"0,5\" is no score of label \"sky\": a number in [0, 1] is needed"},
    {"sky\n0.5\n\n0.5\n", "line 3, column 1: \"\" is no score of label \"sky\": a number in [0, 1] is needed"},
    {"\"sky\n0.5\n", "line 1, column 1: a quote that is never closed; the file may be cut off"},
    {"\"sky\"s\n0.5\n", "line 1, column 1: text after the closing quote"},
    {"sk\"y\n0.5\n", "line 1, column 1: a quote within a field that does not begin with one"},
};

template <class Call>
std::string message_of(const Call& call) {
  try {
    call();
  } catch (const DataError& error) {
    return error.what();
  }
  return "no error";
}

}  // namespace

BOOST_AUTO_TEST_CASE(scores_are_read) {
  const TemporaryFolder folder;
  const auto path = folder.file(
      "s.csv", "\xEF\xBB\xBFimage_name,sky,\"sea, \"\"deep\"\"\"\r\na.jpg, 0.5 ,1\r\n\"b\nc\",1e-3,0\r\n\r\n");
  const auto table = read_scores(path);
  BOOST_CHECK((table.labels == Names{"sky", "sea, \"deep\""}));
  BOOST_CHECK((table.images == Names{"a.jpg", "b\nc"}));
  BOOST_TEST(table.source == path);
  const ScoreMatrix expected = (ScoreMatrix(2, 2) << 0.5F, 1.0F, 1e-3F, 0.0F).finished();
  BOOST_TEST((table.values == expected).all());
}

BOOST_AUTO_TEST_CASE(targets_are_read) {
  const TemporaryFolder folder;
  const auto table = read_targets(folder.file("t.csv", "sky,sea,sun\n1,0,-1\n1.0,,0.0"));
  BOOST_TEST(table.images.size() == 0U);
  const LabelMatrix expected = (LabelMatrix(2, 3) << 1, 0, -1, 1, -1, 0).finished();
  BOOST_TEST((table.values == expected).all());
  const auto path = folder.file("t.csv", "sky\n1\n2\n");
  BOOST_TEST(message_of([&] { read_targets(path); }) ==
             path.string() +
                 ": line 3, column 1: \"2\" is no target of label \"sky\": 1 (yes), 0 (no), -1 or nothing (unknown) is "
                 "needed");
}

BOOST_DATA_TEST_CASE(bad_scores_are_refused_by_line_and_column, bad_scores) {
  const TemporaryFolder folder;
  const auto path = folder.file("s.csv", sample.text);
  BOOST_TEST(message_of([&] { read_scores(path); }) == path.string() + ": " + sample.message);
}

BOOST_AUTO_TEST_CASE(scores_below_float32_are_zero) {
  const TemporaryFolder folder;
  const auto table = read_scores(folder.file(
      "s.csv", "a,b,c,d\n1e-60,1E-400,1e-40,0.0000000000000000000000000000000000000000000000000000000000001\n"));
  BOOST_TEST(table.values(0, 0) == 0.0F);
  BOOST_TEST(table.values(0, 1) == 0.0F);
  BOOST_TEST(table.values(0, 2) == 1e-40F);
  BOOST_TEST(table.values(0, 3) == 0.0F);
}

BOOST_AUTO_TEST_CASE(scores_come_back_to_the_bit) {
  const TemporaryFolder folder;
  ScoreTable table{{"a.jpg", "b,\"c\".jpg", "d\n.jpg"}, {"sky", "sea, deep"}, ScoreMatrix(3, 2), {}};
  Random random{1, 2, 3};
  for (auto& value : table.values.reshaped()) value = static_cast<float>(random.uniform());
  table.values(1, 1) = std::numeric_limits<float>::denorm_min();
  table.values(2, 0) = 1 - std::numeric_limits<float>::epsilon() / 2;
  write_scores(folder.path() / "s.csv", table);
  const auto again = read_scores(folder.path() / "s.csv");
  BOOST_CHECK(again.images == table.images);
  BOOST_CHECK(again.labels == table.labels);
  BOOST_TEST(std::memcmp(again.values.data(), table.values.data(), sizeof(float) * 6) == 0);
  table.images.clear();
  write_scores(folder.path() / "s.csv", table);
  BOOST_TEST(read_scores(folder.path() / "s.csv").images.size() == 0U);
}

BOOST_AUTO_TEST_CASE(margins_are_any_finite_numbers) {
  const TemporaryFolder folder;
  const auto path = folder.file("s.csv", "sky,sea\n-3.5,2e10\n");
  BOOST_TEST(read_scores(path, ScoreKind::margin).values(0, 1) == 2e10F);
  for (const char* cell : {"inf", "nan", "1e39", "x"}) {
    folder.file("s.csv", std::string("sky,sea\n0,") + cell + "\n");
    BOOST_CHECK_EXCEPTION(read_scores(path, ScoreKind::margin), DataError, [&](const DataError& error) {
      return std::string(error.what())
          .ends_with(std::string("line 2, column 3: \"") + cell +
                     "\" is no score of label \"sea\": a finite number is needed");
    });
  }
}

BOOST_AUTO_TEST_CASE(targets_come_back) {
  const TemporaryFolder folder;
  const TargetTable table{{"a.jpg", "b, c.jpg"}, {"sky", "sea"}, (LabelMatrix(2, 2) << 1, 0, -1, 1).finished(), {}};
  write_targets(folder.path() / "t.csv", table);
  const auto again = read_targets(folder.path() / "t.csv");
  BOOST_CHECK(again.images == table.images);
  BOOST_CHECK(again.labels == table.labels);
  BOOST_CHECK((again.values == table.values).all());
}

BOOST_AUTO_TEST_CASE(the_locale_does_not_matter) {
  if (std::setlocale(LC_ALL, "de_DE.UTF-8") == nullptr) BOOST_TEST_MESSAGE("no German locale here");
  const TemporaryFolder folder;
  BOOST_TEST(read_scores(folder.file("s.csv", "sky\n0.25\n")).values(0, 0) == 0.25F);
  std::setlocale(LC_ALL, "C");
}

BOOST_AUTO_TEST_CASE(targets_are_matched_by_name) {
  const ScoreTable scores{{"a", "b"}, {"sky", "sea"}, ScoreMatrix::Zero(2, 2), "s.csv"};
  const TargetTable targets{{"b", "a"}, {"sea", "sky"}, (LabelMatrix(2, 2) << 1, 0, -1, 1).finished(), "t.csv"};
  const auto matched = match_targets(targets, scores);
  BOOST_CHECK(matched.images == scores.images);
  BOOST_CHECK(matched.labels == scores.labels);
  const LabelMatrix expected = (LabelMatrix(2, 2) << 1, -1, 0, 1).finished();
  BOOST_TEST((matched.values == expected).all());

  TargetTable nameless = targets;
  nameless.images.clear();
  const LabelMatrix in_order = (LabelMatrix(2, 2) << 0, 1, 1, -1).finished();
  BOOST_TEST((match_targets(nameless, scores).values == in_order).all());
}

BOOST_AUTO_TEST_CASE(tables_that_do_not_match_are_explained) {
  const ScoreTable scores{{"a", "b"}, {"sky", "sea"}, ScoreMatrix::Zero(2, 2), "s.csv"};
  const auto message = [&](const TargetTable& targets) { return message_of([&] { match_targets(targets, scores); }); };
  BOOST_TEST(message({{"a", "b"}, {"sky", "sun"}, LabelMatrix::Zero(2, 2), "t.csv"}) ==
             "t.csv: has no label \"sea\", which s.csv has");
  BOOST_TEST(message({{"a", "b"}, {"sky", "sea", "sun", "rain"}, LabelMatrix::Zero(2, 4), "t.csv"}) ==
             "s.csv: has no label \"sun\" and 1 more, which t.csv has");
  BOOST_TEST(message({{"a", "c"}, {"sky", "sea"}, LabelMatrix::Zero(2, 2), "t.csv"}) ==
             "t.csv: has no picture \"b\", which s.csv has");
  BOOST_TEST(message({{}, {"sky", "sea"}, LabelMatrix::Zero(3, 2), "t.csv"}) ==
             "t.csv: has 3 pictures, s.csv has 2; give both files a first column image_name to match them by name");
}
