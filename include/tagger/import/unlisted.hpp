#pragma once

#include <array>
#include <string_view>

#include <tagger/configurable.hpp>
#include <tagger/data/label.hpp>

namespace tagger {

/// What a label is that a picture does not have, where what it has is all that is written down.
enum class Unlisted { no, unknown };
template <>
inline constexpr std::array<std::string_view, 2> enum_names<Unlisted>{"no", "unknown"};

constexpr Label label_of(Unlisted unlisted) { return unlisted == Unlisted::no ? Label::no : Label::unknown; }

}  // namespace tagger
