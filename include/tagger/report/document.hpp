#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <tagger/report/facts.hpp>
#include <tagger/report/html.hpp>
#include <tagger/report/page_script.hpp>
#include <tagger/report/page_style.hpp>

namespace tagger {

namespace detail {

/// Nothing from elsewhere, and nothing sent there.
inline constexpr std::string_view page_policy =
    "default-src 'none'; img-src data:; style-src 'unsafe-inline'; script-src 'unsafe-inline'; base-uri 'none'; "
    "form-action 'none'";

}  // namespace detail

/// A page's parts in order, with the links to them.
class Sections {
 public:
  void add(const char* anchor, std::string_view title, std::string_view lead, const Html& content) {
    links_ += html(R"(<li><a href="#{}">{}</a></li>)", anchor, title);
    body_ += html(R"(<section id="{}" aria-labelledby="{}-title"><h2 id="{}-title">{}</h2><p>{}</p>{}</section>)",
                  anchor, anchor, anchor, title, lead, content);
  }
  Html navigation() const { return html(R"(<nav aria-label="Parts of this page"><ul>{}</ul></nav>)", links_); }
  const Html& body() const { return body_; }

 private:
  Html links_;
  Html body_;
};

/// One HTML file that needs nothing else, and may load nothing: its policy forbids it. Without its script, or where
/// scripts are not allowed, nothing sorts or filters, and all else is there.
inline std::string render_document(std::string_view title, const Facts& facts, const Sections& sections) {
  Html list;
  for (const auto& [name, value] : facts) list += html("<div><dt>{}</dt><dd>{}</dd></div>", name, value);
  if (!facts.empty()) list = html(R"(<dl class="facts">{}</dl>)", list);
  const Html head =
      html(R"(<meta charset="utf-8"/><meta name="viewport" content="width=device-width, initial-scale=1"/>)"
           R"(<meta http-equiv="Content-Security-Policy" content="{}"/><title>{}</title><style>{}</style>)",
           detail::page_policy, title, Html{std::string(detail::page_style)});
  return html(
             "<!DOCTYPE html>\n"
             R"(<html lang="en"><head>{}</head><body><header><h1>{}</h1>{}{}</header><main>{}</main>)"
             R"(<footer>Made by tagger.</footer><script>{}</script></body></html>)"
             "\n",
             head, title, sections.navigation(), list, sections.body(), Html{std::string(detail::page_script)})
      .markup;
}

}  // namespace tagger
