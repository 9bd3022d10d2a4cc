#define BOOST_TEST_MODULE table
#include <boost/test/unit_test.hpp>

#include <cmath>
#include <cstdint>
#include <sstream>
#include <string>
#include <vector>

#include <tagger/report/bar_chart.hpp>
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
