// What pages do in a browser: page_checks.js and comparison_checks.js are run in them, at the widths of
// page_frames.html, in light and in dark.
#define BOOST_TEST_MODULE browser
#include <boost/test/unit_test.hpp>

#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <sstream>
#include <string>
#include <string_view>

#include <data/temporary_folder.hpp>
#include <report/made_up_page.hpp>
#include <tagger/file.hpp>
#include <tagger/report/comparison_page.hpp>
#include <tagger/report/page.hpp>

namespace {

namespace fs = std::filesystem;

std::string text_of(const fs::path& path) {
  const auto bytes = tagger::read_file(path);
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

/// TAGGER_BROWSER, or the first of Chromium's names that is a program.
std::string browser() {
  if (const char* named = std::getenv("TAGGER_BROWSER")) return named;
  std::istringstream folders(std::getenv("PATH"));
  for (std::string folder; std::getline(folders, folder, ':');) {
    for (const char* name : {"chromium", "chromium-browser", "google-chrome"}) {
      const auto program = fs::path(folder) / name;
      if (::access(program.c_str(), X_OK) == 0) return program;
    }
  }
  BOOST_FAIL("no Chromium: `apt-get install chromium`, or name one in TAGGER_BROWSER");
  return {};
}

/// `page` with what collects its errors at its begin, and the checks at its end.
std::string with_checks(std::string page, const std::string& checks) {
  const std::string collector =
      "<script>const problems = [];"
      "addEventListener('error', (event) => problems.push(event.message));"
      "addEventListener('unhandledrejection', (event) => problems.push(event.reason));"
      "addEventListener('securitypolicyviolation', (event) => problems.push(event.violatedDirective));</script>";
  page.insert(page.find("<head>") + 6, collector);
  page.insert(page.rfind("</body>"), "<script>" + checks + "</script>");
  return page;
}

/// What is in the frames' page when all is done.
std::string run_browser(const fs::path& folder, std::string_view more) {
  const std::string command =
      "HOME='" + folder.string() + "' timeout 300 '" + browser() +
      "' --headless --no-sandbox --disable-gpu --disable-dev-shm-usage --no-first-run --user-data-dir='" +
      (folder / "profile").string() + "' --window-size=1800,2000 --virtual-time-budget=60000 --dump-dom " +
      std::string(more) + " 'file://" + (folder / "frames.html").string() + "' > '" + (folder / "dom").string() +
      "' 2> '" + (folder / "errors").string() + "'";
  const int status = std::system(command.c_str());
  BOOST_TEST(status == 0, text_of(folder / "errors"));
  return text_of(folder / "dom");
}

}  // namespace

BOOST_AUTO_TEST_CASE(pages_of_a_thousand_pictures_do_what_they_should) {
  const TemporaryFolder folder;
  const auto scores = made_up_scores(1000, 81);
  const auto run = made_up_page(scores);
  const auto page = render_page(run);
  BOOST_TEST(page.size() < 5'000'000u);
  tagger::ComparedRun first{odd_name, run.evaluation};
  for (Eigen::Index k = 0; k < 81; ++k) first.curves.push_back(label_curves(scores, k));
  auto second = first;
  second.name = "second";
  for (auto& [name, value] : second.evaluation.metrics) value *= 0.9;
  const auto comparison = render_comparison(first, second, differences(first.evaluation, second.evaluation));
  const auto here = fs::path(TAGGER_TEST_DATA).parent_path() / "report";
  tagger::write_file(folder.path() / "page.html", with_checks(page, text_of(here / "page_checks.js")));
  tagger::write_file(folder.path() / "comparison.html",
                     with_checks(comparison, text_of(here / "comparison_checks.js")));
  tagger::write_file(folder.path() / "frames.html", text_of(here / "page_frames.html"));
  for (const std::string_view theme : {"", "--blink-settings=preferredColorScheme=0"}) {
    std::istringstream dom(run_browser(folder.path(), theme));
    int done = 0, good = 0;
    for (std::string line; std::getline(dom, line);) {
      done += line.ends_with(" done") ? 1 : 0;
      good += line.find(" ok ") != line.npos ? 1 : 0;
      BOOST_TEST(line.find(" failed ") == line.npos, theme << ' ' << line);
    }
    BOOST_TEST(done == 5);
    BOOST_TEST(good >= 3 * 80);
  }
}
