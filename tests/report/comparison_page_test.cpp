#define BOOST_TEST_MODULE comparison_page
#include <boost/test/unit_test.hpp>

#include <cmath>
#include <string>
#include <string_view>
#include <vector>

#include <report/well_formed.hpp>
#include <tagger/report/comparison_page.hpp>

namespace {

bool contains(std::string_view text, std::string_view part) { return text.find(part) != text.npos; }

tagger::ComparedRun run(std::string name, double f1) {
  tagger::ComparedRun run{.name = std::move(name), .evaluation = {}};
  run.evaluation.samples = 1000;
  run.evaluation.metrics = {{"macro/f1", f1}, {"coverage_error", 10 * f1}, {run.name, 1}};
  run.evaluation.labels = {{.name = "sky", .support = 61, .precision = 1, .recall = 0.5, .f1 = f1},
                           {.name = "<sea>", .support = 1200, .precision = 1, .recall = 0.5, .f1 = std::nan("")}};
  return run;
}

std::string fault_of(const tagger::ComparedRun& first, const tagger::ComparedRun& second) {
  try {
    render_comparison(first, second, {});
  } catch (const tagger::DataError& error) {
    return error.what();
  }
  return "";
}

}  // namespace

BOOST_AUTO_TEST_CASE(what_both_have_is_compared) {
  const auto rows = tagger::differences(run("a", 0.5).evaluation, run("b", 0.75).evaluation);
  BOOST_TEST_REQUIRE(rows.size() == 2u);
  BOOST_TEST(rows[0].name == "macro/f1");
  BOOST_TEST(rows[0].first == 0.5);
  BOOST_TEST(rows[0].second == 0.75);
  BOOST_TEST(!rows[0].interval);
}

BOOST_AUTO_TEST_CASE(a_comparison_has_every_number) {
  const std::vector<tagger::MetricDifference> rows{
      {.name = "macro/f1", .first = 0.5, .second = 0.75, .interval = tagger::Interval{0.125, 0.375}, .p_value = 0.001},
      {.name = "micro/f1", .first = 0.5, .second = 0.375, .interval = tagger::Interval{-0.25, 0.0625}, .p_value = 0.5},
      {.name = "one_error", .first = std::nan(""), .second = 0.5}};
  const auto page = render_comparison(run("<a>", 0.5), run("b & c", 0.75), rows);
  BOOST_TEST(find_fault(page) == "");
  BOOST_TEST(contains(page, "<title>&lt;a&gt; and b &amp; c</title>"));
  BOOST_TEST(contains(page, R"(<td data-v="0.25">+0.250</td>)"));
  BOOST_TEST(contains(page, R"(<td data-v="0.125">+0.125 to +0.375</td><td data-v="0.001">0.001</td>)"));
  BOOST_TEST(contains(page, R"(<td data-v="-0.25">-0.250 to +0.062</td>)"));
  // Zero is in the middle of 160; 72 away is 0.375, the largest of all.
  BOOST_TEST(contains(page, R"(<svg class="difference sure" viewBox="0 0 160 20" aria-hidden="true">)"
                            R"(<path class="axis" d="M80 2V18"/><path class="curve" d="M104 10H152"/>)"
                            R"(<circle class="dot" cx="128" cy="10" r="4"/></svg>)"));
  BOOST_TEST(contains(page, R"(<svg class="difference unsure")"));
  BOOST_TEST(contains(
      page, R"(<th scope="row">one_error</th><td data-v="">-</td><td data-v="0.5">0.500</td><td data-v="">-</td>)"));
  BOOST_TEST(contains(page, R"(<th scope="row"><a href="#label-1">&lt;sea&gt;</a></th><td data-v="1200">1,200</td>)"));
  BOOST_TEST(!contains(page, "nan"));
}

BOOST_AUTO_TEST_CASE(only_what_is_of_the_same_pictures_is_compared) {
  auto other = run("b", 0.75);
  other.evaluation.samples = 999;
  BOOST_TEST(contains(fault_of(run("a", 0.5), other), "a is of 1000 pictures, b of 999"));
  other = run("b", 0.75);
  std::swap(other.evaluation.labels[0], other.evaluation.labels[1]);
  BOOST_TEST(contains(fault_of(run("a", 0.5), other), "a and b are not of the same labels in the same order"));
  BOOST_TEST(fault_of(run("a", 0.5), run("b", 0.75)) == "");
}
