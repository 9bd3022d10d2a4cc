#pragma once

#include <cstddef>
#include <string_view>
#include <vector>

#include <tagger/split/concept.hpp>

namespace tagger {

/// Parts in the order of the pictures: the first are part 0, each part's end rounded down. So the NUS-WIDE tutorial
/// splits. A group goes where its middle falls. Models: Splitter.
struct FirstSplit {
  static constexpr std::string_view name = "first";

  std::vector<std::size_t> operator()(const Annotations&, const Groups& groups,
                                      const std::vector<double>& sizes) const {
    std::vector<std::size_t> parts(groups.size());
    std::size_t part = 0, seen = 0;
    double end = sizes.front() + 1e-6;  // sizes are rounded, and their sum may miss a whole number by a hair
    for (std::size_t group = 0; group < groups.size(); ++group) {
      const std::size_t pictures = groups.members(group).size();
      const std::size_t middle = seen + (pictures - 1) / 2;
      while (part + 1 < sizes.size() && static_cast<double>(middle + 1) > end) end += sizes[++part];
      parts[group] = part;
      seen += pictures;
    }
    return parts;
  }
};

static_assert(Splitter<FirstSplit>);

}  // namespace tagger
