#pragma once

#include <algorithm>
#include <concepts>
#include <cstddef>
#include <ranges>
#include <string>
#include <string_view>
#include <vector>

namespace tagger {

/// A range of names: strings, string views or string literals, which must outlive what is found among them.
template <typename R>
concept NameRange =
    std::ranges::forward_range<R> && std::convertible_to<std::ranges::range_reference_t<R>, std::string_view> &&
    !std::same_as<std::ranges::range_reference_t<R>, std::string>;

namespace detail {

/// 'A' is 'a' and '_' is '-': what people get wrong without having mistyped.
constexpr char folded(char c) {
  if (c >= 'A' && c <= 'Z') return static_cast<char>(c - 'A' + 'a');
  return c == '_' ? '-' : c;
}

/// Insertions, deletions, substitutions and swaps of neighbours that turn `a` into `b` (optimal string alignment).
inline std::size_t edit_distance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> before_last(b.size() + 1), last(b.size() + 1), row(b.size() + 1);
  for (std::size_t j = 0; j <= b.size(); ++j) row[j] = j;
  for (std::size_t i = 1; i <= a.size(); ++i) {
    before_last.swap(last);
    last.swap(row);
    row[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const bool same = folded(a[i - 1]) == folded(b[j - 1]);
      row[j] = std::min({last[j] + 1, row[j - 1] + 1, last[j - 1] + (same ? 0 : 1)});
      const bool swapped =
          i > 1 && j > 1 && folded(a[i - 1]) == folded(b[j - 2]) && folded(a[i - 2]) == folded(b[j - 1]);
      if (swapped) row[j] = std::min(row[j], before_last[j - 2] + 1);
    }
  }
  return row[b.size()];
}

/// The edit distance, but none where one of the two is the beginning of the other ("resnext50" of "resnext50_32x4d").
inline std::size_t name_distance(std::string_view typed, std::string_view valid) {
  const std::string_view shorter = typed.size() < valid.size() ? typed : valid;
  const std::string_view longer = typed.size() < valid.size() ? valid : typed;
  const bool beginning =
      shorter.size() >= 3 && std::ranges::equal(shorter, longer.substr(0, shorter.size()), {}, folded, folded);
  return beginning ? 0 : edit_distance(typed, valid);
}

}  // namespace detail

/// The one of `names` that somebody who typed `name` most likely meant; empty where none is near, which is more than
/// one edit for every three letters. The first of several equally near ones.
template <NameRange Names>
std::string_view closest_name(std::string_view name, const Names& names) {
  std::string_view closest;
  std::size_t least = 0;
  for (const std::string_view each : names) {
    const std::size_t distance = detail::name_distance(name, each);
    if (distance > std::max<std::size_t>(1, std::max(name.size(), each.size()) / 3)) continue;
    if (distance >= each.size()) continue;  // nothing of it would remain
    if (closest.empty() || distance < least) {
      closest = each;
      least = distance;
    }
  }
  return closest;
}

/// `unknown loss "focl"; valid: binary_cross_entropy, focal; did you mean "focal"?` Lists at most forty names.
template <NameRange Names>
std::string unknown_name_message(std::string_view kind, std::string_view name, const Names& names) {
  std::string message = "unknown ";
  message.append(kind).append(" \"").append(name).append("\"; valid:");
  std::size_t listed = 0;
  const auto total = static_cast<std::size_t>(std::ranges::distance(names));
  for (const std::string_view each : names) {
    if (listed == 40) {
      message.append(" and ").append(std::to_string(total - listed)).append(" more");
      break;
    }
    message.append(listed++ == 0 ? " " : ", ").append(each);
  }
  if (total == 0) message.append(" none");
  if (const auto closest = closest_name(name, names); !closest.empty()) {
    message.append("; did you mean \"").append(closest).append("\"?");
  }
  return message;
}

}  // namespace tagger
