#pragma once

#include <array>
#include <cstddef>
#include <string_view>

#include <tagger/configurable.hpp>

namespace tagger {

/// What an object is taken for that its annotators have marked as doubtful. Where the picture has another object of
/// the same label that is not, the label is a yes in any case.
enum class Doubtful {
  yes,      ///< the picture has the label
  unknown,  ///< nobody knows
  drop      ///< as if the object were not there
};
template <>
inline constexpr std::array<std::string_view, 3> enum_names<Doubtful>{"yes", "unknown", "drop"};

/// For the notes.
constexpr std::string_view taken_as(Doubtful taken) {
  constexpr std::array<std::string_view, 3> words{"taken as a yes", "taken as unknown where no other says yes",
                                                  "dropped"};
  return words[static_cast<std::size_t>(taken)];
}

}  // namespace tagger
