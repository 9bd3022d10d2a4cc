#pragma once

#include <algorithm>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace tagger::detail {

/// What a pattern left open in a name that it fits.
struct KeyMatch {
  std::vector<std::string_view> numbers;  ///< what each {n} stands for
  std::string_view rest;                  ///< what follows the pattern
};

/// Whether `name` starts as `pattern` says, in which `{n}` is a number and `[text]` may be missing:
/// "[vit.]encoder.layer.{n}.output." fits "encoder.layer.11.output.dense.weight", which leaves 11 and "dense.weight".
inline std::optional<KeyMatch> match_key(std::string_view pattern, std::string_view name) {
  KeyMatch match;
  while (!pattern.empty()) {
    if (pattern.starts_with("{n}")) {
      const std::size_t digits = std::min(name.find_first_not_of("0123456789"), name.size());
      if (digits == 0) return std::nullopt;
      match.numbers.push_back(name.substr(0, digits));
      name.remove_prefix(digits);
      pattern.remove_prefix(3);
    } else if (pattern.front() == '[') {
      const std::size_t end = pattern.find(']');
      const auto optional = pattern.substr(1, end - 1);
      if (name.starts_with(optional)) name.remove_prefix(optional.size());
      pattern.remove_prefix(end + 1);
    } else {
      if (name.empty() || name.front() != pattern.front()) return std::nullopt;
      name.remove_prefix(1);
      pattern.remove_prefix(1);
    }
  }
  match.rest = name;
  return match;
}

/// The name that `pattern` makes of a match: its numbers in place of each `{n}`, its rest at the end.
inline std::string fill_key(std::string_view pattern, const KeyMatch& match) {
  std::string name;
  for (const auto number : match.numbers) {
    const std::size_t place = pattern.find("{n}");
    if (place == std::string_view::npos) break;
    name.append(pattern.substr(0, place)).append(number);
    pattern.remove_prefix(place + 3);
  }
  return name.append(pattern).append(match.rest);
}

}  // namespace tagger::detail
