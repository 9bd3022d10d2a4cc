#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include <tagger/report/html.hpp>

namespace tagger {

/// How many pictures of each set have a label.
struct LabelShare {
  std::string name;
  std::int64_t train = 0;
  std::int64_t test = 0;
};

namespace detail {

inline Html label_bars(std::span<const LabelShare> labels, std::int64_t largest) {
  Html bars;
  for (const auto& label : labels) {
    const auto percent = [&](std::int64_t count) {
      return 100.0 * static_cast<double>(count) / static_cast<double>(largest);
    };
    Html parts;
    if (label.train > 0) parts += html(R"(<span class="part-a" style="width:{}%"></span>)", percent(label.train));
    if (label.test > 0) parts += html(R"(<span class="part-b" style="width:{}%"></span>)", percent(label.test));
    bars += html(R"(<li><span class="of" title="{}">{}</span><span class="bar" aria-hidden="true">{}</span>)",
                 label.name, label.name, parts);
    bars += html(
        R"(<span class="n">{}<span class="hidden"> for training,</span> + {}<span class="hidden"> for testing</span></span></li>)",
        group_digits(label.train), group_digits(label.test));
  }
  return html(R"(<ul class="bars card">{}</ul>)", bars);
}

}  // namespace detail

/// A bar a label, most frequent first as given; beyond the first 40, the rest unfolds at a click.
inline Html distribution_chart(std::span<const LabelShare> labels) {
  constexpr std::size_t shown_at_once = 40;
  std::int64_t largest = 1;
  for (const auto& label : labels) largest = std::max(largest, label.train + label.test);
  const auto shown = labels.first(std::min(labels.size(), shown_at_once));
  const auto folded = labels.subspan(shown.size());
  Html chart = html(
      R"(<ul class="legend"><li><span class="key part-a"></span>training</li><li><span class="key part-b"></span>test</li></ul>{})",
      detail::label_bars(shown, largest));
  if (!folded.empty()) {
    chart += html("<details><summary>{} more labels</summary>{}</details>", group_digits(folded.size()),
                  detail::label_bars(folded, largest));
  }
  return chart;
}

}  // namespace tagger
