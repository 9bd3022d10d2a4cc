#define BOOST_TEST_MODULE openclipart
#include <boost/test/unit_test.hpp>

#include <unistd.h>
#include <zlib.h>

#include <algorithm>
#include <filesystem>
#include <set>
#include <string>
#include <vector>

#include "../../examples/openclipart_reader.hpp"

namespace fs = std::filesystem;

namespace {

/// A made-up library: svg/ and png/ in a folder of their own.
struct Tree {
  fs::path root = fs::temp_directory_path() / ("tagger-openclipart-" + std::to_string(::getpid()));
  std::vector<std::string> reports;

  Tree() { fs::create_directories(root); }
  ~Tree() { fs::remove_all(root); }

  void write(const fs::path& name, std::string_view text) const {
    fs::create_directories((root / name).parent_path());
    tagger::write_file(root / name, text);
  }
  /// A drawing with its picture.
  void draw(const std::string& name, const std::vector<std::string>& tags) const {
    write("svg/" + name + ".svg", svg(tags));
    write("png/" + name + ".png", "a picture of " + name);
  }
  static std::string svg(const std::vector<std::string>& tags) {
    std::string text = R"(<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE svg PUBLIC "-//W3C//DTD SVG 1.0//EN" "http://www.w3.org/TR/2001/REC-SVG-20010904/DTD/svg10.dtd" [
  <!ENTITY ns_svg "http://www.w3.org/2000/svg">]>
<svg xmlns="&ns_svg;"><metadata><rdf:RDF><cc:Work><dc:title>no tag</dc:title><dc:subject><rdf:Bag>)";
    for (const auto& tag : tags) text += "<rdf:li>" + tag + "</rdf:li>";
    return text + R"(</rdf:Bag></dc:subject><dc:creator><rdf:Bag><rdf:li>somebody</rdf:li></rdf:Bag></dc:creator>
</cc:Work></rdf:RDF></metadata><path d="M0 0"/></svg>)";
  }
  std::vector<openclipart::Drawing> read() {
    return openclipart::read_drawings(root, [this](std::string_view message) { reports.emplace_back(message); });
  }
};

std::string gzipped(std::string text) {
  z_stream stream{};
  BOOST_REQUIRE(deflateInit2(&stream, 9, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY) == Z_OK);
  std::string packed(deflateBound(&stream, text.size()), '\0');
  stream.next_in = reinterpret_cast<Bytef*>(text.data());
  stream.avail_in = static_cast<uInt>(text.size());
  stream.next_out = reinterpret_cast<Bytef*>(packed.data());
  stream.avail_out = static_cast<uInt>(packed.size());
  BOOST_REQUIRE(deflate(&stream, Z_FINISH) == Z_STREAM_END);
  packed.resize(stream.total_out);
  deflateEnd(&stream);
  return packed;
}

std::vector<std::string> names(const std::vector<openclipart::Drawing>& drawings) {
  std::vector<std::string> names;
  for (const auto& drawing : drawings) names.push_back(drawing.image_name);
  return names;
}

using Tags = std::set<std::string>;

}  // namespace

BOOST_AUTO_TEST_CASE(normalizes_tags) {
  BOOST_TEST(openclipart::normalized_tag(" \n Flag  of\tEurope ") == "flag of europe");
  BOOST_TEST(openclipart::normalized_tag(" \t") == "");
  BOOST_TEST(openclipart::normalized_tag("\xc3\xa9toile") == "\xc3\xa9toile");
}

BOOST_AUTO_TEST_CASE(reads_tags_and_pictures) {
  Tree tree;
  tree.draw("food/apple", {"Fruit", "food", " fruit ", ""});
  tree.draw("animals/bat", {"a &amp; b"});
  tree.draw("animals/untagged", {});
  tree.write("svg/animals/without_picture.svg", Tree::svg({"mammal"}));
  tree.write("svg/animals/packed.svg", gzipped(Tree::svg({"mammal"})));
  tree.write("png/animals/packed.png", "");
  tree.write("svg/animals/readme.txt", "no drawing");
  const auto drawings = tree.read();
  BOOST_TEST((names(drawings) == std::vector<std::string>{"animals/bat.png", "animals/packed.png", "food/apple.png"}));
  BOOST_TEST((drawings[0].tags == Tags{"a & b"}));
  BOOST_TEST((drawings[1].tags == Tags{"mammal"}));
  BOOST_TEST((drawings[2].tags == Tags{"food", "fruit"}));
  BOOST_TEST(tree.reports.empty());
}

BOOST_AUTO_TEST_CASE(reports_broken_drawings) {
  Tree tree;
  tree.draw("good", {"tag"});
  tree.draw("cut", {"tag"});
  tree.write("svg/cut.svg", Tree::svg({"tag"}).substr(0, 200));
  tree.draw("cut_gzip", {"tag"});
  tree.write("svg/cut_gzip.svg", gzipped(Tree::svg({"tag"})).substr(0, 60));
  BOOST_TEST((names(tree.read()) == std::vector<std::string>{"good.png"}));
  BOOST_REQUIRE(tree.reports.size() == 2u);
  BOOST_TEST(tree.reports[0].starts_with((tree.root / "svg/cut.svg").string() + ": byte "));
  BOOST_TEST(tree.reports[1] == (tree.root / "svg/cut_gzip.svg").string() + ": is no whole gzip file");
}

BOOST_AUTO_TEST_CASE(needs_both_folders) {
  Tree tree;
  BOOST_CHECK_EXCEPTION(tree.read(), tagger::FileError, [&](const tagger::FileError& error) {
    return std::string_view(error.what()).starts_with((tree.root / "svg").string() + ": is no folder; install");
  });
}

BOOST_AUTO_TEST_CASE(shuffles_by_seed_and_keeps_copies_together) {
  Tree tree;
  for (int i = 0; i < 30; ++i) tree.draw(std::string("d").append(std::to_string(i)), {"tag"});
  for (int i = 0; i < 3; ++i) {
    const auto copy = std::string("copies/c").append(std::to_string(i));
    tree.write("svg/" + copy + ".svg", Tree::svg({"tag"}));
    fs::create_directories(tree.root / "png/copies");
    fs::create_symlink("../d7.png", tree.root / ("png/" + copy + ".png"));
  }
  const auto drawings = tree.read();
  const auto order = names(openclipart::shuffled(drawings, 1));
  BOOST_TEST(order.size() == 33u);
  BOOST_TEST((order == names(openclipart::shuffled(drawings, 1))));
  BOOST_TEST((order != names(openclipart::shuffled(drawings, 2))));
  BOOST_TEST((order != names(drawings)));
  auto sorted = order;
  std::sort(sorted.begin(), sorted.end());
  BOOST_TEST((sorted == names(drawings)));
  const auto first = std::find(order.begin(), order.end(), "copies/c0.png");
  BOOST_REQUIRE(order.end() - first >= 4);
  BOOST_TEST((std::vector<std::string>(first, first + 4) ==
              std::vector<std::string>{"copies/c0.png", "copies/c1.png", "copies/c2.png", "d7.png"}));
}

BOOST_AUTO_TEST_CASE(makes_annotations) {
  Tree tree;
  tree.draw("apple", {"fruit", "food"});
  tree.draw("bat", {"mammal"});
  const auto annotations = openclipart::annotations(tree.read(), tree.root);
  BOOST_TEST((annotations.labels() == std::vector<std::string>{"food", "fruit", "mammal"}));
  BOOST_TEST((annotations.samples()[0].yes == std::vector<std::int32_t>{0, 1}));
  BOOST_TEST((annotations.samples()[1].yes == std::vector<std::int32_t>{2}));
}
