#pragma once

#include <array>
#include <string_view>

#include <tagger/configurable.hpp>

namespace tagger {

/// What a score can be: a probability in [0, 1], or any number of which the larger is the likelier.
enum class ScoreKind { probability, margin };

template <>
inline constexpr std::array<std::string_view, 2> enum_names<ScoreKind>{"probability", "margin"};

}  // namespace tagger
