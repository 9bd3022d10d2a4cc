// What the pages say is there: snippets are text that is compiled or run, links lead somewhere, options and policies
// exist.
#define BOOST_TEST_MODULE docs
#include <algorithm>
#include <cctype>
#include <filesystem>
#include <iterator>
#include <regex>
#include <set>
#include <sstream>
#include <string>
#include <string_view>
#include <vector>

#include <boost/test/unit_test.hpp>

#include <tagger/file.hpp>

namespace {

namespace fs = std::filesystem;
using Lines = std::vector<std::string>;

const fs::path root = fs::path(TAGGER_TEST_DATA).parent_path().parent_path();

std::string read(const fs::path& path) {
  const auto bytes = tagger::read_file(path);
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

Lines lines_of(const std::string& text) {
  Lines lines;
  std::istringstream in(text);
  for (std::string line; std::getline(in, line);) lines.push_back(line);
  return lines;
}

std::vector<fs::path> pages() {
  std::vector<fs::path> found{root / "README.md", root / "HISTORY.md"};
  for (const auto& entry : fs::directory_iterator(root / "docs")) {
    if (entry.path().extension() == ".md") found.push_back(entry.path());
  }
  std::sort(found.begin(), found.end());
  return found;
}

/// A fenced block of a page, and the line before it.
struct Block {
  std::string language, above;
  Lines lines;
  std::size_t line = 0;
};

std::vector<Block> blocks_of(const fs::path& page) {
  std::vector<Block> blocks;
  bool within = false;
  std::string above;
  const Lines lines = lines_of(read(page));
  for (std::size_t i = 0; i < lines.size(); ++i) {
    const std::string& line = lines[i];
    if (line.starts_with("```")) {
      if (!within) blocks.push_back({line.substr(3), above, {}, i + 1});
      within = !within;
    } else if (within) {
      blocks.back().lines.push_back(line);
    }
    above = line;
  }
  BOOST_TEST(!within, page << ": a block is not closed");
  return blocks;
}

/// Without the indentation that all lines share.
Lines flush_left(Lines lines) {
  std::size_t common = std::string::npos;
  for (const auto& line : lines) common = std::min(common, line.find_first_not_of(' '));
  if (common == std::string::npos) return lines;
  for (auto& line : lines) line.erase(0, common);
  return lines;
}

/// The lines between two `// [name]` or `# [name]`; empty where there are not two.
Lines region(const Lines& lines, const std::string& name) {
  const std::string mark = " [" + name + "]";
  const auto is_mark = [&](const std::string& line) {
    return line.ends_with("//" + mark) || line.ends_with('#' + mark);
  };
  const auto begin = std::find_if(lines.begin(), lines.end(), is_mark);
  if (begin == lines.end()) return {};
  const auto end = std::find_if(begin + 1, lines.end(), is_mark);
  return end == lines.end() ? Lines{} : Lines(begin + 1, end);
}

/// What is wrong with a block that has to be compiled text: nothing, where it is a region of the file that the comment
/// above it names, or, without a region, lines of that file one after the other.
std::string fault(const Block& block) {
  static const std::regex comment(R"(<!-- snippet: (\S+)(?: \[([\w ]+)\])? -->)");
  std::smatch match;
  if (!std::regex_match(block.above, match, comment)) return "has no `<!-- snippet: FILE [REGION] -->` above it";
  const fs::path file = root / match[1].str();
  if (!fs::exists(file)) return "names " + match[1].str() + ", which does not exist";
  const Lines lines = lines_of(read(file));
  const Lines wanted = flush_left(block.lines);
  if (match[2].matched) {
    return flush_left(region(lines, match[2])) == wanted ? ""
                                                         : "is not the region [" + match[2].str() + "] of its file";
  }
  for (std::size_t begin = 0; begin + wanted.size() <= lines.size(); ++begin) {
    const auto from = lines.begin() + static_cast<std::ptrdiff_t>(begin);
    if (flush_left({from, from + std::ssize(wanted)}) == wanted) return "";
  }
  return "is not a part of " + match[1].str();
}

std::set<std::string> all_matches(const std::string& text, const char* pattern) {
  const std::regex regex(pattern);
  std::set<std::string> found;
  for (std::sregex_iterator each(text.begin(), text.end(), regex), end; each != end; ++each) found.insert((*each)[1]);
  return found;
}

std::string texts_in(const fs::path& folder) {
  std::string text;
  for (const auto& entry : fs::directory_iterator(folder)) {
    if (entry.is_regular_file()) text += read(entry.path());
  }
  return text;
}

/// As GitHub makes the anchor of a heading.
std::string anchor(std::string_view heading) {
  std::string name;
  for (const char c : heading) {
    if (std::isalnum(static_cast<unsigned char>(c)) || c == '_' || c == '-') {
      name += static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
    } else if (c == ' ') {
      name += '-';
    }
  }
  return name;
}

std::set<std::string> anchors_of(const fs::path& page) {
  std::set<std::string> anchors;
  for (const auto& line : lines_of(read(page))) {
    const auto start = line.find_first_not_of('#');
    if (start != std::string::npos && start > 0 && line[start] == ' ') anchors.insert(anchor(line.substr(start + 1)));
  }
  return anchors;
}

/// The cells of the README's row of policies that begins with `axis`.
Lines policy_row(const std::string& axis) {
  for (const auto& line : lines_of(read(root / "README.md"))) {
    if (!line.starts_with("| " + axis + " |") && !line.starts_with("| [" + axis + "]")) continue;
    Lines cells;
    std::istringstream in(line);
    for (std::string cell; std::getline(in, cell, '|');) cells.push_back(cell);
    return cells;
  }
  return {};
}

void check_policies(const std::string& axis, const fs::path& list, const char* types, const fs::path& folder,
                    const char* names) {
  BOOST_TEST_CONTEXT(axis) {
    const Lines cells = policy_row(axis);
    BOOST_TEST_REQUIRE(cells.size() == 5u);
    std::set<std::string> listed;
    for (const auto& each : all_matches(read(list), types)) listed.merge(all_matches(each, "(\\w+)"));
    BOOST_TEST_REQUIRE(!listed.empty());
    BOOST_TEST(all_matches(cells[3], "`(\\w+)`") == listed, boost::test_tools::per_element());
    auto expected = all_matches(texts_in(folder), names);
    expected.erase("any");
    BOOST_TEST(all_matches(cells[4], "`(\\w+)`") == expected, boost::test_tools::per_element());
  }
}

}  // namespace

BOOST_AUTO_TEST_CASE(snippets_are_compiled_text) {
  int checked = 0;
  for (const auto& page : pages()) {
    for (const auto& block : blocks_of(page)) {
      if (block.language != "cpp" && block.language != "cmake" && block.language != "python") continue;
      const std::string what = fault(block);
      BOOST_TEST(what.empty(), page << ":" << block.line << ": the block " << what);
      ++checked;
    }
  }
  BOOST_TEST(checked > 5);
}

BOOST_AUTO_TEST_CASE(a_changed_snippet_is_noticed) {
  Block block{"cpp", "<!-- snippet: examples/embed.cpp [tag] -->", {"auto run = tagger::load_run(argv[1]);"}, 1};
  BOOST_TEST(fault(block) == "is not the region [tag] of its file");
  block.above = "<!-- snippet: examples/embed.cpp -->";
  BOOST_TEST(fault(block) == "");
  block.lines.front() += ' ';
  BOOST_TEST(fault(block) == "is not a part of examples/embed.cpp");
  block.above = "As follows:";
  BOOST_TEST(fault(block) == "has no `<!-- snippet: FILE [REGION] -->` above it");
}

BOOST_AUTO_TEST_CASE(links_lead_somewhere) {
  static const std::regex link(R"(\]\(([^)\s]*)\))");
  for (const auto& page : pages()) {
    const std::string text = read(page);
    for (std::sregex_iterator each(text.begin(), text.end(), link), end; each != end; ++each) {
      const std::string target = (*each)[1];
      if (target.find("://") != std::string::npos) continue;
      const auto hash = target.find('#');
      const fs::path file = hash == 0 ? page : page.parent_path() / target.substr(0, hash);
      BOOST_TEST(fs::exists(file), page << ": there is no " << target);
      if (hash == std::string::npos || !fs::exists(file)) continue;
      BOOST_TEST(anchors_of(file).contains(target.substr(hash + 1)), page << ": there is no heading " << target);
    }
  }
}

BOOST_AUTO_TEST_CASE(options_exist) {
  std::string sources = texts_in(root / "examples") + texts_in(root / "examples/tagger");
  sources += texts_in(root / "include/tagger/run");
  sources += texts_in(root / "benchmarks") + texts_in(root / "benchmarks/peers");
  auto options = all_matches(sources, R"re((?:option|flag|choice|add_argument)\(\s*"(?:--)?([a-z-]+)")re");
  options.merge(std::set<std::string>{"help", "version", "config"});
  static const std::regex ours(
      R"((^|/)(tagger|nus_wide|custom_policy|loader|training|configurations|metrics|[a-z_]+\.py)( |$))");
  for (const auto& page : pages()) {
    for (const auto& block : blocks_of(page)) {
      if (block.language != "sh") continue;
      bool continued = false;
      for (const auto& line : block.lines) {
        if (!continued && !std::regex_search(line, ours)) continue;
        continued = line.ends_with('\\');
        for (const auto& option : all_matches(line, "--([a-z-]+)")) {
          BOOST_TEST(options.contains(option), page << ":" << block.line << ": there is no --" << option);
        }
      }
    }
  }
}

BOOST_AUTO_TEST_CASE(the_table_of_policies_is_complete) {
  const fs::path tagger = root / "include/tagger";
  constexpr const char* name = R"re(string_view name = "(\w+)")re";
  // Too many for the README: the catalogue has them, and a test of the program compares it.
  std::smatch backbones;
  const std::string list = read(tagger / "backbone/any_backbone.hpp");
  BOOST_TEST_REQUIRE(std::regex_search(list, backbones, std::regex(R"(using Backbones =\s+std::tuple<([^>]*)>)")));
  const std::string page = read(root / "docs/backbone.md");
  const auto types = all_matches(backbones[1], "(\\w+)");
  BOOST_TEST(types.size() > 50u);
  for (const auto& type : types) BOOST_TEST(page.find("`" + type + "`") != std::string::npos, type + " is in no table");
  check_policies("Head", tagger / "head/any_head.hpp", "using Heads = std::tuple<([^>]*)>", tagger / "head", name);
  check_policies("Activation", tagger / "activation/any_activation.hpp", "using Activations = std::tuple<([^>]*)>",
                 tagger / "activation", name);
  check_policies("Loss", tagger / "loss/any_loss.hpp", "using Losses = std::tuple<([^>]*)>", tagger / "loss", name);
  check_policies("Optimizer", tagger / "optimizer/any_optimizer.hpp", "using Optimizers = std::tuple<([^>]*)>",
                 tagger / "optimizer", name);
  check_policies("Schedule", tagger / "schedule/any_schedule.hpp", "using Schedules = std::tuple<([^>]*)>",
                 tagger / "schedule", name);
  check_policies("Format", tagger / "import/any_format.hpp", "using ImportFormats =\\s+std::tuple<([^>]*)>",
                 tagger / "import", name);
  check_policies("Sampler", tagger / "sampler/any_sampler.hpp", "using Samplers = std::tuple<([^>]*)>",
                 tagger / "sampler", name);
  check_policies("Split", tagger / "split/any_splitter.hpp", "using Splitters = std::tuple<([^>]*)>", tagger / "split",
                 name);
  check_policies("Threshold", tagger / "threshold/any_threshold.hpp", "using Thresholds =\\s+std::tuple<([^>]*)>",
                 tagger / "threshold", name);
  check_policies("Calibration", tagger / "calibration/any_calibrator.hpp", "using Calibrators = std::tuple<([^>]*)>",
                 tagger / "calibration", name);
  check_policies("Averaging", tagger / "averaging/concept.hpp", "Models: ([^.]*)\\.", tagger / "averaging", name);
  check_policies("Metric", tagger / "metrics/concept.hpp", "Models: ([^.]*)\\.", tagger / "metrics", name);
}
