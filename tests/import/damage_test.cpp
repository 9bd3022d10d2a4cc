// Files with bytes flipped, cut, doubled and swapped: readers accept or refuse them, and never do anything else. Run it
// under sanitizers. And the blocks of metadata that no program here writes.
#define BOOST_TEST_MODULE import_damage
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <boost/test/unit_test.hpp>

#include <tagger/file.hpp>
#include <tagger/import/any_format.hpp>
#include <tagger/random.hpp>

#include "data/temporary_folder.hpp"

namespace {

using namespace tagger;
namespace fs = std::filesystem;
using namespace std::string_literals;

const fs::path golden = fs::path(TAGGER_TEST_DATA) / "import";

std::string bytes_of(const fs::path& path) {
  const auto bytes = read_file(path);
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

std::string mutated(std::string text, Random& random) {
  for (auto edits = 1 + random.below(4); edits > 0 && !text.empty(); --edits) {
    const auto place = random.below(text.size());
    switch (random.below(4)) {
      case 0:
        text[place] = static_cast<char>(random.below(256));
        break;
      case 1:
        text.erase(place, 1 + random.below(8));
        break;
      case 2:
        text.insert(place, text.substr(random.below(text.size()), 1 + random.below(8)));
        break;
      default:
        text.resize(place);
    }
  }
  return text;
}

/// The keywords of a picture file's bytes, and how many of its packets are no XML.
std::pair<detail::PictureKeywords, int> keywords_of(std::string_view file) {
  detail::PictureKeywords keywords;
  int broken = 0;
  const auto found = detail::picture_metadata(std::as_bytes(std::span(file)));
  for (const auto& packet : found.xmp) broken += !detail::add_xmp_keywords(packet, keywords);
  detail::add_iptc_keywords(found.iptc, keywords);
  return {keywords, broken};
}

std::string number(std::size_t value, int bytes) {
  std::string text;
  for (int i = bytes - 1; i >= 0; --i) text += static_cast<char>(value >> 8 * i & 0xFF);
  return text;
}

std::string segment(char marker, const std::string& content) {
  return "\xFF"s + marker + number(content.size() + 2, 2) + content;
}

std::string packet(const std::string& properties) {
  return R"(<?xpacket begin="" id="W5M0MpCehiHzreSzNTczkc9d"?><x:xmpmeta xmlns:x="adobe:ns:meta/">)"
         R"(<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><rdf:Description rdf:about="" )"
         R"(xmlns:d="http://purl.org/dc/elements/1.1/" xmlns:xmpNote="http://ns.adobe.com/xmp/note/">)" +
         properties + "</rdf:Description></rdf:RDF></x:xmpmeta><?xpacket end=\"w\"?>";
}

std::string subjects(const std::string& items) { return "<d:subject><rdf:Bag>" + items + "</rdf:Bag></d:subject>"; }

using Flat = std::set<std::string>;

}  // namespace

BOOST_AUTO_TEST_CASE(pictures_survive_mutation) {
  int kept = 0, lost = 0;
  for (const char* name :
       {"dc_subject.jpg", "lightroom.jpg", "2024/iptc_utf8.jpg", "digikam.png", "packed.png", "lightroom.webp"}) {
    const std::string whole = bytes_of(golden / "keywords" / name);
    const auto expected = keywords_of(whole).first.flat;
    BOOST_TEST(!expected.empty());
    for (std::size_t length = 0; length < whole.size(); ++length) keywords_of(whole.substr(0, length));
    for (std::uint64_t i = 0; i < 1500; ++i) {
      Random random{2020, 0, i};
      ++(keywords_of(mutated(whole, random)).first.flat == expected ? kept : lost);
    }
  }
  BOOST_TEST(kept > 100);
  BOOST_TEST(lost > 100);
}

BOOST_AUTO_TEST_CASE(files_survive_mutation) {
  const TemporaryFolder folder;
  const auto survive = [&](const std::string& format, const fs::path& whole, const fs::path& damaged,
                           const fs::path& input) {
    int accepted = 0;
    constexpr int rounds = 500;
    const std::string text = bytes_of(whole);
    for (int i = 0; i < rounds; ++i) {
      Random random{2021, 0, static_cast<std::uint64_t>(i)};
      fs::remove(damaged);
      folder.file(fs::relative(damaged, folder.path()).string(), mutated(text, random));
      try {
        AnyImportFormat::named(format).read(input);
        ++accepted;
      } catch (const Error& error) {
        BOOST_REQUIRE(std::string_view(error.what()).starts_with(input.string()));
      }
    }
    BOOST_TEST(accepted > 0);
    BOOST_TEST(accepted < rounds);
  };
  survive("coco", golden / "instances.json", folder.path() / "i.json", folder.path() / "i.json");
  survive("open_images", golden / "human-imagelabels.csv", folder.path() / "o.csv", folder.path() / "o.csv");
  const auto table = folder.file("t.csv", "image,sky,\"sea, \"\"deep\"\"\"\r\na.jpg,1,0\r\n\"b\",-1,\r\n");
  survive("csv", table, folder.path() / "d.csv", folder.path() / "d.csv");
  survive("voc", golden / "VOC2012/Annotations/2007_000032.xml", folder.path() / "voc/a.xml", folder.path() / "voc");
  fs::copy(golden / "nus_wide", folder.path() / "nus", fs::copy_options::recursive);
  survive("nus_wide", golden / "nus_wide/ImageList/Imagelist.txt", folder.path() / "nus/ImageList/Imagelist.txt",
          folder.path() / "nus");
}

BOOST_AUTO_TEST_CASE(xmp_that_one_segment_cannot_hold) {
  // Adobe, XMP part 3: the standard packet names the digest of the extended one, which comes in parts of any order.
  const std::string digest = "0123456789ABCDEF0123456789ABCDEF";
  const std::string more = packet(subjects("<rdf:li>sea</rdf:li><rdf:li> sky </rdf:li>"));
  const auto part = [&](std::size_t begin, std::size_t size, const std::string& of) {
    return segment('\xE1', "http://ns.adobe.com/xmp/extension/\0"s + of + number(more.size(), 4) + number(begin, 4) +
                               more.substr(begin, size));
  };
  const std::string standard = segment(
      '\xE1', "http://ns.adobe.com/xap/1.0/\0"s + packet(subjects("<rdf:li>sun</rdf:li>") + "<xmpNote:HasExtendedXMP>" +
                                                         digest + "</xmpNote:HasExtendedXMP>"));
  const std::string begin = "\xFF\xD8\xFF\xFF" + segment('\xE0', "JFIF\0"s).substr(1), end = "\xFF\xDA\0\x02"s;
  const auto whole = keywords_of(begin + standard + part(100, 9999, digest) + part(0, 100, digest) + end);
  BOOST_CHECK((whole.first.flat == Flat{"sea", "sky", "sun"}));
  BOOST_TEST(whole.second == 0);
  // Another picture's parts are nobody's.
  const std::string strange(32, 'F');
  BOOST_CHECK((keywords_of(begin + standard + part(0, 9999, strange) + end).first.flat == Flat{"sun"}));
  // What follows the first scan is no metadata.
  BOOST_CHECK((keywords_of(begin + end + standard).first.flat == Flat{}));
  // A missing part leaves no XML, which is said.
  const auto cut = keywords_of(begin + standard + part(0, 100, digest) + end);
  BOOST_CHECK((cut.first.flat == Flat{"sun"}));
  BOOST_TEST(cut.second == 1);
}

BOOST_AUTO_TEST_CASE(names_are_those_of_their_namespace) {
  detail::PictureKeywords keywords;
  const std::string other =
      R"(<dc:subject xmlns:dc="http://example.org/"><rdf:Bag><rdf:li>no</rdf:li></rdf:Bag></dc:subject>)";
  BOOST_TEST(
      detail::add_xmp_keywords(packet(other + subjects("<rdf:li/><rdf:li><![CDATA[a&b]]></rdf:li>")) + '\0', keywords));
  BOOST_CHECK((keywords.flat == Flat{"a&b"}));
  // As deep as no program writes: passed over, at no great cost.
  std::string deep;
  for (int i = 0; i < 20000; ++i) deep += "<d:subject>";
  for (int i = 0; i < 20000; ++i) deep += "</d:subject>";
  BOOST_TEST(detail::add_xmp_keywords(packet(deep), keywords));
  BOOST_TEST(!detail::add_xmp_keywords("<x:xmpmeta", keywords));
}

BOOST_AUTO_TEST_CASE(photoshop_resources_and_long_data_sets) {
  const auto data_set = [](int record, int number_, const std::string& size, const std::string& text) {
    return "\x1C"s + static_cast<char>(record) + static_cast<char>(number_) + size + text;
  };
  const std::string iptc = data_set(1, 90, number(3, 2), "\x1B%G") + data_set(2, 0, number(2, 2), "\0\x04"s) +
                           data_set(2, 25, number(3, 2), "sky") +
                           data_set(2, 25, number(0x8004, 2), number(3, 4) + "sea") +
                           data_set(2, 120, number(5, 2), "a sky");
  const std::string resources = "Photoshop 3.0\0"s + "8BIM\x04\x25\x03" + "abc" + number(3, 4) + "xyz\0"s +
                                "8BIM\x04\x04\0\0"s + number(iptc.size(), 4) + iptc;
  // A block that is longer than a segment goes on in the next one.
  const std::size_t half = resources.size() - 20;
  const std::string jpeg = "\xFF\xD8" + segment('\xED', resources.substr(0, half)) +
                           segment('\xED', "Photoshop 3.0\0"s + resources.substr(half)) + "\xFF\xD9";
  BOOST_CHECK((keywords_of(jpeg).first.flat == Flat{"sky", "sea"}));
}
