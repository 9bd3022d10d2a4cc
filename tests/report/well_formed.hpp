#pragma once

#include <algorithm>
#include <cctype>
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

/// What keeps `page` from being well-formed, empty where nothing does: elements closed in order, attributes quoted and
/// given once, entities known, ids given once. What is within <script> and <style> is text to the end of the element,
/// as in HTML; all else is XML too.
inline std::string find_fault(std::string_view page) {
  constexpr std::string_view kDoctype = "<!DOCTYPE html>\n";
  if (!page.starts_with(kDoctype)) return "no doctype";
  std::vector<std::string> open, ids;
  const auto is_name = [](char c) { return std::isalnum(static_cast<unsigned char>(c)) || c == '-'; };
  std::size_t at = kDoctype.size();
  const auto fault = [&](std::string_view what) {
    return std::string(what) + " at: " + std::string(page.substr(at > 40 ? at - 40 : 0, 80));
  };
  const auto entity_is_known = [&] {
    for (const auto known : {"&amp;", "&lt;", "&gt;", "&quot;", "&#39;"}) {
      if (page.substr(at).starts_with(known)) return true;
    }
    return false;
  };
  const auto name = [&] {
    const std::size_t start = at;
    while (at < page.size() && is_name(page[at])) ++at;
    return std::string(page.substr(start, at - start));
  };
  while (at < page.size()) {
    if (page[at] == '&' && !entity_is_known()) return fault("unknown entity");
    if (static_cast<unsigned char>(page[at]) < 0x20 && page[at] != '\n') return fault("control character");
    if (page[at] != '<') {
      if (open.empty() && page[at] != '\n') return fault("text outside");
      ++at;
      continue;
    }
    if (page[++at] == '/') {
      ++at;
      const std::string closed = name();
      if (open.empty() || open.back() != closed || page[at] != '>') return fault("unexpected </" + closed + ">");
      open.pop_back();
      ++at;
      continue;
    }
    const std::string element = name();
    if (element.empty()) return fault("bare <");
    std::vector<std::string> attributes;
    while (page[at] == ' ' || page[at] == '\n') {
      ++at;
      const std::string attribute = name();
      for (const auto& other : attributes) {
        if (other == attribute) return fault("attribute twice");
      }
      attributes.push_back(attribute);
      if (page.substr(at, 2) != "=\"") return fault("attribute without quoted value");
      const std::size_t start = at += 2;
      for (; at < page.size() && page[at] != '"'; ++at) {
        if (page[at] == '<') return fault("< in attribute");
        if (page[at] == '&' && !entity_is_known()) return fault("unknown entity");
      }
      if (attribute == "id") {
        for (const auto& other : ids) {
          if (other == page.substr(start, at - start)) return fault("id twice");
        }
        ids.emplace_back(page.substr(start, at - start));
      }
      ++at;
    }
    if (page.substr(at, 2) == "/>") {
      at += 2;
    } else if (page[at] == '>') {
      open.push_back(element);
      ++at;
      if (element == "script" || element == "style") {
        const auto end = page.find("</", at);
        if (!page.substr(std::min(end, page.size())).starts_with("</" + element + ">"))
          return fault("</ in " + element);
        at = end;
      }
    } else {
      return fault("broken tag <" + element);
    }
  }
  return open.empty() ? "" : "unclosed <" + open.back() + ">";
}
