#pragma once

#include <cstddef>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <pugixml.hpp>

#include <tagger/import/lines.hpp>
#include <tagger/import/picture_metadata.hpp>
#include <tagger/import/separator.hpp>
#include <tagger/report/text_width.hpp>

namespace tagger::detail {

/// What a person has written about a picture.
struct PictureKeywords {
  std::set<std::string> flat;
  std::set<std::vector<std::string>> places;  ///< in a tree of keywords, from the root down

  bool empty() const { return flat.empty() && places.empty(); }
};

/// The URI that stands for the prefix of an element's name (Bray et al., "Namespaces in XML 1.0", 2009).
inline std::string_view namespace_of(pugi::xml_node node) {
  const std::string_view name = node.name();
  const auto colon = name.find(':');
  const std::string declared = colon == name.npos ? "xmlns" : "xmlns:" + std::string(name.substr(0, colon));
  for (; node; node = node.parent()) {
    if (const auto attribute = node.attribute(declared.c_str())) return attribute.value();
  }
  return {};
}

/// Collects the keywords of an XMP packet, whose properties are bags of texts.
class XmpKeywordWalker final : public pugi::xml_tree_walker {
 public:
  explicit XmpKeywordWalker(PictureKeywords& keywords) : keywords_(keywords) {}

  bool for_each(pugi::xml_node& node) override {
    constexpr int deepest = 16;  // XMP's properties lie three deep
    const std::string_view name = node.name(), local = name.substr(name.find(':') + 1);
    if (depth() > deepest) return true;
    if (local == "subject" && namespace_of(node) == "http://purl.org/dc/elements/1.1/") {
      for (const auto text : items(node)) keywords_.flat.emplace(text);
    } else if (local == "hierarchicalSubject" && namespace_of(node) == "http://ns.adobe.com/lightroom/1.0/") {
      for (const auto text : items(node)) add_place(parts(text, '|'));
    } else if (local == "TagsList" && namespace_of(node) == "http://www.digikam.org/ns/1.0/") {
      for (const auto text : items(node)) add_place(parts(text, '/'));
    }
    return true;
  }

 private:
  static std::vector<std::string_view> items(pugi::xml_node property) {
    std::vector<std::string_view> texts;
    for (const pugi::xml_node bag : property.children()) {
      for (const pugi::xml_node item : bag.children()) {
        const auto text = without_blanks(item.child_value());
        if (std::string_view(item.name()).ends_with(":li") && !text.empty()) texts.push_back(text);
      }
    }
    return texts;
  }

  void add_place(const std::vector<std::string_view>& levels) {
    if (!levels.empty()) keywords_.places.emplace(levels.begin(), levels.end());
  }

  PictureKeywords& keywords_;
};

/// Adds the keywords of an XMP packet: dc:subject, Lightroom's lr:hierarchicalSubject ("animal|cat") and digiKam's
/// digiKam:TagsList ("animal/cat"). \returns whether it is XML
inline bool add_xmp_keywords(std::string_view packet, PictureKeywords& keywords) {
  while (packet.ends_with('\0')) packet.remove_suffix(1);
  pugi::xml_document document;
  if (!document.load_buffer(packet.data(), packet.size())) return false;
  XmpKeywordWalker walker{keywords};
  document.traverse(walker);
  return true;
}

/// `text`, which is UTF-8 or else Latin-1, as UTF-8.
inline std::string as_utf8(std::string_view text) {
  std::string latin;
  bool valid = true;
  for (std::string_view rest = text; valid && !rest.empty();) {
    const auto [code, size] = first_code_point(rest);
    valid = !(code == 0xFFFD && size == 1);
    rest.remove_prefix(size);
  }
  if (valid) return std::string(text);
  for (const char c : text) {
    const auto code = static_cast<unsigned char>(c);
    if (code >= 0x80) latin += static_cast<char>(0xC0 | code >> 6);
    latin += code < 0x80 ? c : static_cast<char>(0x80 | (code & 0x3F));
  }
  return latin;
}

/// Adds the keywords of IIM data sets: record 2, data set 25 (IPTC and NAA, "Information interchange model", version
/// 4.2, 2014).
inline void add_iptc_keywords(std::string_view iptc, PictureKeywords& keywords) {
  while (iptc.size() >= 5 && iptc[0] == '\x1C') {
    std::size_t size = big_endian(iptc, 3, 2), begin = 5;
    if (size >= 0x8000) {  // the length of the length
      begin += size - 0x8000;
      size = size - 0x8000 > 4 ? iptc.size() : big_endian(iptc, 5, size - 0x8000);
    }
    if (begin > iptc.size() || iptc.size() - begin < size) break;
    const auto text = without_blanks(iptc.substr(begin, size));
    if (iptc[1] == 2 && iptc[2] == 25 && !text.empty()) keywords.flat.insert(as_utf8(text));
    iptc.remove_prefix(begin + size);
  }
}

}  // namespace tagger::detail
