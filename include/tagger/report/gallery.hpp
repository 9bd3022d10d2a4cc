#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <tagger/data/label.hpp>
#include <tagger/report/base64.hpp>
#include <tagger/report/html.hpp>
#include <tagger/report/picture_scores.hpp>
#include <tagger/report/table.hpp>

namespace tagger {

/// A picture and its true labels, for a page.
struct SamplePicture {
  std::string name;
  std::vector<std::byte> picture;  ///< the bytes of a JPEG, PNG or WebP file
  std::vector<std::string> labels;
};

/// A picture whose predicted labels are compared with the true ones, for a page.
struct GalleryItem {
  std::string name;
  std::vector<std::byte> picture;    ///< the bytes of a JPEG, PNG or WebP file
  std::vector<std::string> right;    ///< predicted, and true
  std::vector<std::string> missed;   ///< true, but not predicted
  std::vector<std::string> wrong;    ///< predicted, but not true
  std::vector<std::string> unknown;  ///< predicted, and nobody knows whether it is true
  std::vector<std::pair<std::string, double>> scores;
  std::vector<std::string> about{};  ///< the labels that it is shown for, seen before it is opened; empty: all

  bool predicts_nothing() const { return right.empty() && wrong.empty() && unknown.empty(); }
};

/// Sorts the labels of a picture into right, missed, wrong and unknown; each list begins with the largest score.
/// \param scores, targets, predictions  an entry a label
inline GalleryItem compare_labels(std::string name, std::vector<std::byte> picture, std::span<const std::string> labels,
                                  std::span<const float> scores, std::span<const std::int8_t> targets,
                                  std::span<const std::int8_t> predictions) {
  GalleryItem item{.name = std::move(name),
                   .picture = std::move(picture),
                   .right = {},
                   .missed = {},
                   .wrong = {},
                   .unknown = {},
                   .scores = {}};
  std::vector<std::pair<float, std::size_t>> order;
  for (std::size_t i = 0; i < labels.size(); ++i) order.emplace_back(std::isnan(scores[i]) ? 0 : -scores[i], i);
  std::sort(order.begin(), order.end());
  for (const auto& [key, i] : order) {
    item.scores.emplace_back(labels[i], scores[i]);
    const auto target = static_cast<Label>(targets[i]);
    if (predictions[i] == 1) {
      (target == Label::yes ? item.right : target == Label::no ? item.wrong : item.unknown).push_back(labels[i]);
    } else if (target == Label::yes) {
      item.missed.push_back(labels[i]);
    }
  }
  return item;
}

/// Row `i` of `set`, compared.
inline GalleryItem gallery_item(const PictureScores& set, std::size_t i, std::vector<std::byte> picture) {
  const auto row = static_cast<Eigen::Index>(i);
  const std::size_t columns = set.labels.size();
  return compare_labels(set.images[i], std::move(picture), set.labels, {set.scores.row(row).data(), columns},
                        {set.targets.row(row).data(), columns}, {set.predictions.row(row).data(), columns});
}

/// Up to `count` pictures of `set`, spread evenly over it. What cannot be read is left out.
inline std::vector<GalleryItem> gallery(const PictureScores& set, const Thumbnails& thumbnail, std::size_t count) {
  std::vector<GalleryItem> items;
  const std::size_t shown = std::min(count, set.images.size());
  for (std::size_t i = 0; i < shown; ++i) {
    const std::size_t row = i * set.images.size() / shown;
    if (auto picture = thumbnail(row); !picture.empty()) items.push_back(gallery_item(set, row, std::move(picture)));
  }
  return items;
}

namespace detail {

/// A picture as an <img> that carries its own bytes.
inline Html inline_picture(std::span<const std::byte> bytes, std::string_view alternative) {
  const std::string_view head{reinterpret_cast<const char*>(bytes.data()), std::min<std::size_t>(bytes.size(), 4)};
  const char* type = head.starts_with("\x89PNG") ? "png" : head.starts_with("RIFF") ? "webp" : "jpeg";
  return html(R"(<img src="data:image/{};base64,{}" alt="{}"/>)", type, Html{base64(bytes)}, alternative);
}

struct Verdict {
  const char* style;  ///< the class in the style sheet
  const char* symbol;
  const char* word;  ///< what a screen reader says
  const char* legend;
};
inline constexpr Verdict right_verdict{"right", "✓", "right", "predicted, and true"};
inline constexpr Verdict missed_verdict{"missed", "○", "missed", "true, but not predicted"};
inline constexpr Verdict wrong_verdict{"wrong", "✗", "wrong", "predicted, but not true"};
inline constexpr Verdict unknown_verdict{"unknown", "?", "unknown", "predicted; the truth is unknown"};

inline Html tag(const Verdict& verdict, std::string_view label, const Html& after, bool aside = false) {
  return html(
      R"(<li class="tag {}{}"><span aria-hidden="true">{}</span><span class="hidden">{}: </span><span>{}</span>{}</li>)",
      verdict.style, aside ? " aside" : "", verdict.symbol, verdict.word, label, after);
}

inline Html tags(const GalleryItem& item) {
  Html list;
  const auto add = [&](const Verdict& verdict, const std::vector<std::string>& labels) {
    for (const auto& label : labels) {
      const auto score =
          std::find_if(item.scores.begin(), item.scores.end(), [&](const auto& each) { return each.first == label; });
      const bool aside =
          !item.about.empty() && std::find(item.about.begin(), item.about.end(), label) == item.about.end();
      list +=
          tag(verdict, label,
              score == item.scores.end() ? Html{} : html(" <small>{}</small>", format_number(score->second, 2)), aside);
    }
  };
  if (item.predicts_nothing()) list += html(R"(<li class="none">no predictions</li>)");
  add(right_verdict, item.right);
  add(wrong_verdict, item.wrong);
  add(unknown_verdict, item.unknown);
  add(missed_verdict, item.missed);
  return list;
}

}  // namespace detail

/// Pictures with their true labels.
inline Html render(std::span<const SamplePicture> samples) {
  Html items;
  for (const auto& sample : samples) {
    Html labels;
    for (const auto& label : sample.labels) labels += html(R"(<li class="tag"><span>{}</span></li>)", label);
    if (sample.labels.empty()) labels = html(R"(<li class="none">no labels</li>)");
    items +=
        html(R"(<li><figure>{}<figcaption><ul class="tags">{}</ul><p class="name">{}</p></figcaption></figure></li>)",
             detail::inline_picture(sample.picture, "Picture " + sample.name), labels, sample.name);
  }
  return html(R"(<ul class="gallery">{}</ul>)", items);
}

/// Pictures with predicted and true labels; right, wrong and missed differ in symbol, type and colour. Each opens at a
/// click on it, and by the link `#<anchor>-<its index>`.
/// \param shown  how many are seen at once; the others are there for links to them
inline Html render(std::span<const GalleryItem> gallery, std::string_view anchor = "picture",
                   std::size_t shown = std::numeric_limits<std::size_t>::max()) {
  using detail::Verdict;
  Html items;
  bool any_unknown = false;
  for (std::size_t i = 0; i < gallery.size(); ++i) {
    const auto& item = gallery[i];
    const std::string id = std::string(anchor) + "-" + std::to_string(i);
    any_unknown = any_unknown || !item.unknown.empty();
    items += html(
        R"(<li{}><figure id="{}" class="picture" tabindex="-1"><a class="open" href="#{}">{}</a><figcaption><ul class="tags">{}</ul>)"
        R"(<p class="name">{}</p></figcaption><a class="close" href="#closed">Close</a></figure></li>)",
        i < shown ? Html{} : html(R"( class="folded")"), id, id,
        detail::inline_picture(item.picture, "Picture " + item.name), detail::tags(item), item.name);
  }
  Html legend;
  for (const Verdict* verdict :
       {&detail::right_verdict, &detail::wrong_verdict, &detail::missed_verdict, &detail::unknown_verdict}) {
    if (verdict == &detail::unknown_verdict && !any_unknown) continue;
    legend +=
        html(R"(<li><ul class="tags">{}</ul> {}</li>)", detail::tag(*verdict, verdict->word, {}), verdict->legend);
  }
  return html(R"(<ul class="legend verdicts">{}</ul><ul class="gallery">{}</ul>)", legend, items);
}

}  // namespace tagger
