#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

#include <tagger/configurable.hpp>
#include <tagger/split/concept.hpp>
#include <tagger/split/hand_out.hpp>

namespace tagger {

/// Parts at random. Each group, the largest first, goes to the part that lacks most pictures; without groups the parts
/// have their sizes to the picture. Models: Splitter.
struct RandomSplit {
  static constexpr std::string_view name = "random";

  std::uint64_t seed = 2020;

  template <class Self>
  static void fields(Self& self, auto&& field) {
    field("seed", self.seed, "another one gives other parts");
  }

  std::vector<std::size_t> operator()(const Annotations&, const Groups& groups, std::vector<double> sizes) const {
    Random random = detail::split_random(seed);
    std::vector<std::size_t> parts(groups.size());
    for (const std::size_t group : detail::largest_first(groups, random)) {
      parts[group] = detail::most_wanting(sizes.size(), random, [&](std::size_t part) { return sizes[part]; });
      sizes[parts[group]] -= static_cast<double>(groups.members(group).size());
    }
    return parts;
  }
};

static_assert(Splitter<RandomSplit>);

}  // namespace tagger
