#pragma once

#include <array>
#include <string>
#include <string_view>
#include <vector>

#include <tagger/configurable.hpp>

namespace tagger {

/// Which labels are made of a place in a tree, such as animal / dog / poodle.
enum class Levels {
  leaf,  ///< "poodle"
  path,  ///< "animal/dog/poodle"
  all    ///< "animal", "dog" and "poodle"
};
template <>
inline constexpr std::array<std::string_view, 3> enum_names<Levels>{"leaf", "path", "all"};

namespace detail {

/// \param place  from the root down; not empty
inline std::vector<std::string> labels_of(const std::vector<std::string>& place, Levels levels) {
  if (levels == Levels::leaf) return {place.back()};
  if (levels == Levels::all) return place;
  std::string path;
  for (const std::string& level : place) path.append(path.empty() ? "" : "/").append(level);
  return {path};
}

}  // namespace detail
}  // namespace tagger
