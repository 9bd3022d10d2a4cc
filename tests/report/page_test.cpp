#define BOOST_TEST_MODULE page
#include <boost/test/unit_test.hpp>

#include <unistd.h>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <limits>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <report/well_formed.hpp>
#include <tagger/file.hpp>
#include <tagger/report/page.hpp>

namespace {

std::vector<std::byte> to_bytes(std::string_view text) {
  const auto bytes = std::as_bytes(std::span(text.data(), text.size()));
  return {bytes.begin(), bytes.end()};
}

std::size_t count(std::string_view text, std::string_view part) {
  std::size_t found = 0;
  for (std::size_t at = text.find(part); at != text.npos; at = text.find(part, at + part.size())) ++found;
  return found;
}

bool contains(std::string_view text, std::string_view part) { return text.find(part) != text.npos; }

tagger::Evaluation make_evaluation(int labels) {
  tagger::Evaluation evaluation;
  evaluation.samples = 1000;
  for (const std::string averaging : {"micro", "macro", "samples"}) {
    for (const std::string metric : {"precision", "recall", "f1"}) {
      evaluation.metrics.emplace_back(averaging + "/" + metric,
                                      0.25 + 0.125 * static_cast<double>(averaging.size() % 4));
    }
  }
  for (int i = 0; i < labels; ++i)
    evaluation.labels.push_back(
        {.name = "label " + std::to_string(i), .support = 1000 - i, .precision = 0.75, .recall = 0.5, .f1 = 0.6});
  return evaluation;
}

tagger::Page make_page(int labels, int steps) {
  tagger::Page page;
  page.title = "a run";
  page.facts = {{"backbone", "resnet18"}, {"seed", "2020"}};
  page.evaluation = make_evaluation(labels);
  for (int i = 0; i < labels; ++i) page.distribution.push_back({"label " + std::to_string(i), 5000 - i, 1000 - i});
  for (int i = 1; i <= steps; ++i) page.history.step_loss.push_back(1.0 / i);
  for (int i = 100; i <= steps; i += 100) page.history.epochs.push_back({i / 100, i, 1.0 / i});
  for (int i = 50; i <= steps; i += 50) page.history.tests.push_back({i, make_evaluation(labels)});
  page.samples = {{"s.jpg", to_bytes("\xFF\xD8jpeg"), {"label 0"}}, {"none.jpg", to_bytes("\xFF\xD8jpeg"), {}}};
  page.gallery = {
      {.name = "g.png",
       .picture = to_bytes("\x89PNGpng"),
       .right = {"label 0"},
       .missed = {"label 1"},
       .wrong = {"label 2"},
       .unknown = {},
       .scores = {{"label 0", 0.9}, {"label 1", 0.125}, {"label 2", 0.6}}},
      {.name = "n.jpg", .picture = {}, .right = {}, .missed = {}, .wrong = {}, .unknown = {}, .scores = {}}};
  return page;
}

}  // namespace

BOOST_AUTO_TEST_CASE(base64_is_rfc4648s) {
  BOOST_TEST(tagger::base64({}) == "");
  BOOST_TEST(tagger::base64(to_bytes("f")) == "Zg==");
  BOOST_TEST(tagger::base64(to_bytes("fo")) == "Zm8=");
  BOOST_TEST(tagger::base64(to_bytes("foobar")) == "Zm9vYmFy");
  BOOST_TEST(tagger::base64(to_bytes("\xFB\xFF\xFE")) == "+//+");
}

BOOST_AUTO_TEST_CASE(text_is_escaped_and_markup_is_not) {
  BOOST_TEST(tagger::html("<b title=\"{}\">{}</b>{}", "\"&'", "<script>", tagger::Html{"<i/>"}).markup ==
             "<b title=\"&quot;&amp;&#39;\">&lt;script&gt;</b><i/>");
  BOOST_TEST(tagger::escape(std::string_view("a\0b\x1b\xFF\uFFFFé\n", 11)).markup == "a\uFFFDb\uFFFD\uFFFD\uFFFDé\n");
  BOOST_TEST(tagger::html("{} {}", 3, 0.12345).markup == "3 0.1235");
  BOOST_TEST(tagger::short_number(0.5) == "0.5");
  BOOST_TEST(tagger::short_number(0.125) == "0.125");
  BOOST_TEST(tagger::group_digits(-1234567) == "-1,234,567");
  BOOST_TEST(tagger::group_digits(999) == "999");
}

BOOST_AUTO_TEST_CASE(a_page_is_well_formed_and_has_all_parts) {
  const auto page = tagger::render_page(make_page(27, 1000));
  BOOST_TEST(find_fault(page) == "");
  for (const auto part : {"summary", "training", "predictions", "labels", "distribution", "samples"}) {
    BOOST_TEST(count(page, "<section id=\"" + std::string(part) + "\"") == 1u, part);
    BOOST_TEST(count(page, "href=\"#" + std::string(part) + "\"") == 1u, part);
  }
  BOOST_TEST(count(page, "role=\"img\"") == 2u);
  BOOST_TEST(count(page, "<th scope=\"row\">label ") == 27u);
  BOOST_TEST(count(page, "<th scope=\"row\">") == 30u);  // and a row each of precision, recall and F1
  BOOST_TEST(count(page, "<h1>") == 1u);
  BOOST_TEST(count(page, " alt=\"Picture ") == 4u);
  BOOST_TEST(contains(page, "<p>On 1,000 test pictures, a label is predicted where its score is above 0.5.</p>"));
  BOOST_TEST(contains(page, "<dt>backbone</dt><dd>resnet18</dd>"));
}

BOOST_AUTO_TEST_CASE(a_summary_has_what_was_computed_and_how) {
  auto page = make_page(3, 0);
  auto& evaluation = page.evaluation;
  evaluation.metrics.emplace_back("hamming_loss", 0.0625);
  evaluation.metrics.emplace_back("macro/matthews", 0.375);  // after the others, and on no card
  evaluation.intervals = {{"macro/f1", {0.25, 0.5}}, {"hamming_loss", {0.03125, 0.125}}};
  evaluation.definitions = {{"decision", "score > 0.5, the best 3"}, {"confidence", "0.9"}, {"zero_division", "one"}};
  evaluation.labels[1].threshold = 0.25;
  evaluation.labels[1].average_precision = 0.875;
  evaluation.in_sample = 1200;
  const auto text = tagger::render_page(page);
  BOOST_TEST(find_fault(text) == "");
  BOOST_TEST(contains(text,
                      "<p>On 1,000 test pictures, a label is predicted where its score is above its own threshold, the "
                      "best 3. Small numbers are intervals, which hold the true number with confidence 0.9. Thresholds "
                      "were chosen on about 1,200 of these pictures: the scores say more than they should.</p>"));
  BOOST_TEST(contains(text, R"(<small>F1</small><span class="interval">0.250 to 0.500</span></p>)"));
  BOOST_TEST(contains(text, R"(<dt>hamming loss</dt><dd>0.062 <span class="interval">0.031 to 0.125</span></dd>)"));
  BOOST_TEST(count(text, "<h3>macro<small>") == 1u);
  BOOST_TEST(!contains(text, "<dt>matthews</dt>"));
  BOOST_TEST(contains(text, R"(<th scope="row">matthews</th><td data-v="">-</td><td data-v="0.375">0.375 </td>)"));
  BOOST_TEST(contains(text, "<dt>zero division</dt><dd>one</dd>"));
  BOOST_TEST(contains(text, R"(<th scope="col">Average precision</th><th scope="col">Threshold</th></tr>)"));
  BOOST_TEST(contains(text, R"(<span style="--v:0.875">0.875</span></td><td data-v="0.25">0.250</td></tr>)"));
  BOOST_TEST(contains(text, R"(<td class="share" data-v="">-</td><td data-v="">-</td></tr>)"));
  BOOST_TEST(!contains(text, "Calibration error"));
}

BOOST_AUTO_TEST_CASE(a_page_loads_nothing_from_elsewhere) {
  const auto page = tagger::render_page(make_page(3, 300));
  BOOST_TEST(!contains(page, "://"));
  BOOST_TEST(!contains(page, "@import"));
  BOOST_TEST(!contains(page, "url("));
  BOOST_TEST(contains(page, "Content-Security-Policy\" content=\"default-src &#39;none&#39;; img-src data:;"));
  BOOST_TEST(count(page, "src=\"") == count(page, "src=\"data:image/"));
}

BOOST_AUTO_TEST_CASE(verdicts_differ_by_symbol_and_word) {
  auto page = make_page(3, 0);
  auto text = tagger::render_page(page);
  BOOST_TEST(contains(text,
                      R"(<li class="tag right"><span aria-hidden="true">✓</span><span class="hidden">right: </span>)"
                      R"(<span>label 0</span> <small>0.90</small></li>)"));
  BOOST_TEST(
      contains(text, R"(<span aria-hidden="true">✗</span><span class="hidden">wrong: </span><span>label 2</span>)"));
  BOOST_TEST(
      contains(text, R"(<span aria-hidden="true">○</span><span class="hidden">missed: </span><span>label 1</span>)"));
  BOOST_TEST(count(text, "no predictions") == 1u);
  BOOST_TEST(count(text, "no labels") == 1u);
  BOOST_TEST(!contains(text, "the truth is unknown"));
  BOOST_TEST(contains(text, "data:image/png;base64,iVBOR3BuZw=="));

  page.gallery[0].unknown = {"label 1"};
  text = tagger::render_page(page);
  BOOST_TEST(contains(text, "the truth is unknown"));
  BOOST_TEST(find_fault(text) == "");
}

BOOST_AUTO_TEST_CASE(labels_are_compared_with_the_annotations) {
  const std::vector<std::string> labels{"a", "b", "c", "d", "e", "f"};
  const std::vector<float> scores{0.5f, 0.6f, 0.7f, 0.8f, 0.9f, 0.1f};
  const std::vector<std::int8_t> targets{1, 1, 0, -1, 1, -1};
  const std::vector<std::int8_t> predictions{0, 1, 1, 1, 1, 0};
  const auto item = tagger::compare_labels("p", {}, labels, scores, targets, predictions);
  BOOST_TEST(item.right == (std::vector<std::string>{"e", "b"}), boost::test_tools::per_element());
  BOOST_TEST(item.missed == (std::vector<std::string>{"a"}), boost::test_tools::per_element());
  BOOST_TEST(item.wrong == (std::vector<std::string>{"c"}), boost::test_tools::per_element());
  BOOST_TEST(item.unknown == (std::vector<std::string>{"d"}), boost::test_tools::per_element());
  BOOST_TEST(item.scores.front().first == "e");
}

BOOST_AUTO_TEST_CASE(names_cannot_become_markup) {
  auto page = make_page(2, 200);
  const std::string evil = "</style></script><script>alert('\"&')</script>\x01";
  page.title = evil;
  page.facts[0] = {evil, evil};
  page.distribution[0].name = evil;
  page.evaluation.labels[0].name = evil;
  page.evaluation.metrics[0].first = evil + "micro/" + "f1";
  page.history.tests.back().evaluation.metrics[2].first = evil.substr(2, 5) + "</f1";
  page.samples[0].name = page.samples[0].labels[0] = evil;
  page.gallery[0].name = page.gallery[0].right[0] = page.gallery[0].wrong[0] = page.gallery[0].missed[0] = evil;
  const auto text = tagger::render_page(page);
  BOOST_TEST(find_fault(text) == "");
  BOOST_TEST(count(text, "<script") == 1u);
  BOOST_TEST(count(text, "<style") == 1u);
  BOOST_TEST(!contains(text, "alert('"));
}

BOOST_AUTO_TEST_CASE(what_is_not_defined_is_a_dash) {
  auto page = make_page(2, 300);
  const double nan = std::nan("");
  page.evaluation.labels[0].precision = nan;
  page.evaluation.metrics[0].second = nan;
  page.history.step_loss[7] = nan;
  page.history.step_loss[8] = std::numeric_limits<double>::infinity();
  page.history.epochs[0].mean_loss = nan;
  for (auto& [name, value] : page.history.tests[1].evaluation.metrics) value = nan;
  const auto text = tagger::render_page(page);
  BOOST_TEST(find_fault(text) == "");
  BOOST_TEST(contains(text, R"(<td class="share" data-v="">-</td>)"));
  const auto body = text.substr(text.find("<main>"), text.find("</main>") - text.find("<main>"));
  BOOST_TEST(!contains(body, "nan"));
  BOOST_TEST(!contains(body, "inf"));

  std::fill(page.history.step_loss.begin(), page.history.step_loss.end(), nan);
  BOOST_TEST(find_fault(tagger::render_page(page)) == "");
  std::fill(page.history.step_loss.begin(), page.history.step_loss.end(), 0.0);
  BOOST_TEST(!contains(tagger::render_page(page), "nan "));
}

BOOST_AUTO_TEST_CASE(parts_without_content_are_left_out) {
  const auto untrained = tagger::render_page(make_page(1, 0));
  BOOST_TEST(find_fault(untrained) == "");
  BOOST_TEST(!contains(untrained, "id=\"training\""));
  BOOST_TEST(contains(untrained, "id=\"labels\""));

  const auto one_step = tagger::render_page(make_page(1, 1));
  BOOST_TEST(find_fault(one_step) == "");
  BOOST_TEST(contains(one_step, "1 step, 0 epochs"));

  const auto empty = tagger::render_page({});
  BOOST_TEST(find_fault(empty) == "");
  BOOST_TEST(!contains(empty, "<section"));
}

BOOST_AUTO_TEST_CASE(many_labels_and_steps_stay_small) {
  const auto page = make_page(1000, 100);
  const auto text = tagger::render_page(page);
  BOOST_TEST(find_fault(text) == "");
  BOOST_TEST(contains(text, "<summary>960 more labels</summary>"));
  BOOST_TEST(text.size() < 1'000'000u);

  tagger::History history;
  for (int i = 0; i < 200'000; ++i) history.step_loss.push_back(1.0 / (1 + i) + 0.01 * (i % 7));
  BOOST_TEST(tagger::render(tagger::loss_chart(history)).markup.size() < 20'000u);
}

BOOST_AUTO_TEST_CASE(a_chart_spans_its_values) {
  tagger::History history;
  history.step_loss = {0.7, 0.35, 0.175};
  const auto loss = tagger::loss_chart(history);
  BOOST_TEST(loss.y_low == 0);
  BOOST_TEST(loss.y_high >= 0.7);
  BOOST_TEST(loss.curves[0].points.back().first == 3);

  tagger::Evaluation evaluation;
  evaluation.metrics = {
      {"micro/precision", 0.1}, {"micro/f1", 0.62}, {"macro/f1", 0.55}, {"per_label/f1/f1", 0.2}, {"mine/f1", 0.58}};
  history.tests = {{10, evaluation}};
  const auto f1 = tagger::f1_chart(history);
  BOOST_TEST(f1.curves.size() == 3u);
  BOOST_TEST(f1.curves[2].name == "mine");
  BOOST_TEST(f1.y_low == 0.5, boost::test_tools::tolerance(1e-12));
  BOOST_TEST(f1.y_high == 0.7, boost::test_tools::tolerance(1e-12));
}

BOOST_AUTO_TEST_CASE(axes_have_round_steps) {
  BOOST_TEST(tagger::detail::round_step(1.0, 5) == 0.2, boost::test_tools::tolerance(1e-12));
  BOOST_TEST(tagger::detail::round_step(0.4, 5) == 0.1, boost::test_tools::tolerance(1e-12));
  BOOST_TEST(tagger::detail::round_step(1872, 4) == 500, boost::test_tools::tolerance(1e-12));
  BOOST_TEST(tagger::detail::round_step(10, 1) == 10, boost::test_tools::tolerance(1e-12));
}

BOOST_AUTO_TEST_CASE(a_page_is_written_whole) {
  const auto path = std::filesystem::temp_directory_path() / ("tagger-page-" + std::to_string(::getpid()) + ".html");
  const auto page = make_page(2, 100);
  tagger::write_page(path, page);
  const auto written = tagger::read_file(path);
  const auto text = tagger::render_page(page);
  BOOST_TEST((std::string_view(reinterpret_cast<const char*>(written.data()), written.size()) == text));
  std::filesystem::remove(path);
  BOOST_CHECK_THROW(tagger::write_page(path / "no" / "such.html", page), tagger::FileError);
}
