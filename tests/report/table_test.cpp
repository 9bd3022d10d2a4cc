#define BOOST_TEST_MODULE table
#include <boost/test/unit_test.hpp>

#include <cmath>
#include <cstdint>
#include <sstream>
#include <string>
#include <vector>

#include <tagger/metrics/evaluation.hpp>
#include <tagger/metrics/metric_difference.hpp>
#include <tagger/report/bar_chart.hpp>
#include <tagger/report/comparison_table.hpp>
#include <tagger/report/evaluation_table.hpp>
#include <tagger/report/table.hpp>
#include <tagger/report/text_width.hpp>

namespace {

struct Count {
  std::string name;
  std::int64_t count = 0;
};

}  // namespace

BOOST_AUTO_TEST_CASE(text_takes_the_columns_that_a_terminal_gives_it) {
  BOOST_TEST(tagger::text_width("sky") == 3);
  BOOST_TEST(tagger::text_width("Büsche") == 6);
  BOOST_TEST(tagger::text_width("Bu\u0308sche") == 6);
  BOOST_TEST(tagger::text_width("空") == 2);
  BOOST_TEST(tagger::text_width("\U0001F431") == 2);
  BOOST_TEST(tagger::text_width("\xFF") == 1);
}

BOOST_AUTO_TEST_CASE(control_characters_and_broken_utf8_are_not_printed) {
  BOOST_TEST(tagger::printable("a\x1b[2Jb\n\x7f") == "a?[2Jb??");
  BOOST_TEST(tagger::printable("\xC3") == "?");
  BOOST_TEST(tagger::printable("\xC0\xAF") == "??");
  BOOST_TEST(tagger::printable("\xED\xA0\x80") == "???");
  BOOST_TEST(tagger::printable("\xF4\x90\x80\x80") == "????");
  BOOST_TEST(tagger::printable("é\uFFFD空") == "é\uFFFD空");
}

BOOST_AUTO_TEST_CASE(long_text_is_cut_at_whole_characters) {
  BOOST_TEST(tagger::fit_width("clouds", 6) == "clouds");
  BOOST_TEST(tagger::fit_width("clouds", 5) == "clo..");
  BOOST_TEST(tagger::fit_width("空空空", 5) == "空..");
  BOOST_TEST(tagger::fit_width("clouds", 1) == ".");
}

BOOST_AUTO_TEST_CASE(a_table_is_aligned) {
  using enum tagger::Align;
  tagger::Table table{{{"label"}, {"support", right}, {"F1", right}}};
  table.add({"sky", "61", tagger::format_number(0.93)});
  table.add({"空", "1000", tagger::format_number(std::nan(""))});
  table.add({"no row\n"});
  std::ostringstream out;
  out << table;
  BOOST_TEST(out.str() ==
             "label    support     F1\n"
             "-------  -------  -----\n"
             "sky           61  0.930\n"
             "空          1000      -\n"
             "no row?\n");
}

BOOST_AUTO_TEST_CASE(a_chart_has_bars_in_proportion) {
  const std::vector<Count> counts{{"sky", 200}, {"clouds", 100}, {"空", 0}};
  BOOST_TEST(tagger::bar_chart(counts, {.width = 22, .style = tagger::BarStyle::ascii}) ==
             "sky     200 ##########\n"
             "clouds  100 #####\n"
             "空        0\n");
  BOOST_TEST(
      tagger::bar_chart(std::vector<Count>{{"a", 16}, {"b", 9}}, {.width = 8, .style = tagger::BarStyle::blocks}) ==
      "a  16 ██\n"
      "b   9 █▏\n");
}

BOOST_AUTO_TEST_CASE(a_chart_keeps_its_width) {
  const std::vector<Count> counts{{std::string(200, 'x'), 5}, {"y", 1'000'000}};
  for (int width = 20; width < 120; ++width) {
    std::istringstream chart{tagger::bar_chart(counts, {.width = width, .style = tagger::BarStyle::blocks})};
    for (std::string line; std::getline(chart, line);) BOOST_TEST(tagger::text_width(line) <= width);
  }
  BOOST_TEST(tagger::bar_chart(std::vector<Count>{}, {.width = 80}).empty());
}

namespace {

std::string text_of(const tagger::Table& table) {
  std::ostringstream out;
  out << table;
  return out.str();
}

tagger::Evaluation example() {
  return {.samples = 10,
          .metrics = {{"micro/f1", 0.5}, {"macro/f1", 0.25}, {"macro/roc_auc", std::nan("")}, {"coverage_error", 3}},
          .labels = {{.name = "sky", .support = 4, .precision = 1, .recall = 0.5, .f1 = 0.75},
                     {.name = "sea", .support = 0, .precision = 0, .recall = 0, .f1 = 0}}};
}

}  // namespace

BOOST_AUTO_TEST_CASE(averages_have_the_metrics_that_all_of_them_have) {
  BOOST_TEST(text_of(averages_table(example(), {{"macro/f1", 0.125}})) ==
             "average     f1  f1 of guessing\n"
             "-------  -----  --------------\n"
             "micro    0.500\n"
             "macro    0.250           0.125\n");
}

BOOST_AUTO_TEST_CASE(numbers_have_intervals_where_there_are_some_and_bars) {
  auto evaluation = example();
  using enum tagger::BarStyle;
  BOOST_TEST(text_of(numbers_table(evaluation, ascii)) ==
             "metric          value\n"
             "--------------  -----  ----------\n"
             "micro/f1        0.500  ##########\n"
             "macro/f1        0.250  #####\n"
             "macro/roc_auc       -\n"
             "coverage_error  3.000\n");
  evaluation.intervals = {{"micro/f1", {0.375, 0.625}}, {"macro/roc_auc", {std::nan(""), std::nan("")}}};
  evaluation.metrics.resize(1);
  BOOST_TEST(text_of(numbers_table(evaluation, ascii)) ==
             "metric    value  interval\n"
             "--------  -----  --------------  ----------\n"
             "micro/f1  0.500  0.375 to 0.625  ##########\n");
}

BOOST_AUTO_TEST_CASE(labels_have_the_columns_that_say_something) {
  auto evaluation = example();
  using enum tagger::BarStyle;
  BOOST_TEST(text_of(labels_table(evaluation, ascii)) ==
             "label  support  precision  recall     f1\n"
             "-----  -------  ---------  ------  -----  ---------------\n"
             "sky          4      1.000   0.500  0.750  ###############\n"
             "sea          0      0.000   0.000  0.000\n");
  evaluation.labels[0].unknown = 2;
  evaluation.labels[0].threshold = 0.25;
  evaluation.labels[0].average_precision = 0.875;
  evaluation.labels[0].intervals = {{"f1", {0.5, 1}}};
  BOOST_TEST(text_of(labels_table(evaluation, ascii)) ==
             "label  support  unknown  threshold  precision  recall  average_precision     f1  f1 interval\n"
             "-----  -------  -------  ---------  ---------  ------  -----------------  -----  --------------  "
             "---------------\n"
             "sky          4        2      0.250      1.000   0.500              0.875  0.750  0.500 to 1.000  "
             "###############\n"
             "sea          0        0                 0.000   0.000                     0.000\n");
  evaluation.labels[1].threshold = 0.25;  // the same for all: no column
  BOOST_TEST(text_of(labels_table(evaluation, ascii)).find("threshold") == std::string::npos);
}

BOOST_AUTO_TEST_CASE(differences_have_a_sign) {
  const std::vector<tagger::MetricDifference> differences{
      {.name = "macro/f1", .first = 0.5, .second = 0.625, .interval = tagger::Interval{0.0625, 0.25}, .p_value = 0.03},
      {.name = "ranking_loss", .first = 0.5, .second = 0.25}};
  BOOST_TEST(text_of(comparison_table(differences, "old", "new")) ==
             "metric          old    new  difference  interval            p\n"
             "------------  -----  -----  ----------  --------------  -----\n"
             "macro/f1      0.500  0.625      +0.125  0.062 to 0.250  0.030\n"
             "ranking_loss  0.500  0.250      -0.250\n");
  BOOST_TEST(tagger::dump_json(tagger::to_json(differences)) ==
             R"({"macro/f1":{"first":0.5,"second":0.625,"difference":0.125,"interval":[0.0625,0.25],"p_value":0.03},)"
             R"("ranking_loss":{"first":0.5,"second":0.25,"difference":-0.25}})");
}
