#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <limits>
#include <map>
#include <numeric>
#include <vector>

#include <tagger/random.hpp>
#include <tagger/split/groups.hpp>

namespace tagger::detail {

/// The numbers that the splits of a seed draw.
inline Random split_random(std::uint64_t seed) {
  return {seed, 0, std::numeric_limits<std::uint64_t>::max() - 3};  // no picture has this index
}

/// Groups in a random order, the largest first: the small ones level what the large ones leave.
inline std::vector<std::size_t> largest_first(const Groups& groups, Random& random) {
  std::vector<std::int64_t> shuffled(groups.size());
  std::iota(shuffled.begin(), shuffled.end(), std::int64_t{0});
  shuffle(shuffled, random);
  std::map<std::size_t, std::vector<std::size_t>, std::greater<>> of_size;
  for (const std::int64_t each : shuffled) {
    const auto group = static_cast<std::size_t>(each);
    of_size[groups.members(group).size()].push_back(group);
  }
  std::vector<std::size_t> order;
  for (const auto& [size, equals] : of_size) order.insert(order.end(), equals.begin(), equals.end());
  return order;
}

/// Where the most is wanting: the part of the greatest `wants(part)`, an arithmetic value or a tuple of them; one of
/// equals at random.
inline std::size_t most_wanting(std::size_t parts, Random& random, auto&& wants) {
  std::size_t best = 0;
  std::uint64_t equals = 1;
  for (std::size_t part = 1; part < parts; ++part) {
    const auto want = wants(part), most = wants(best);
    if (want < most) continue;
    if (want > most) {
      best = part;
      equals = 1;
    } else if (random.below(++equals) == 0) {
      best = part;
    }
  }
  return best;
}

}  // namespace tagger::detail
