#pragma once

#include <array>
#include <cstddef>
#include <string_view>

#include <tagger/closest_name.hpp>
#include <tagger/error.hpp>

namespace tagger {

/// The enumerator that is called `name`, where those of E count from 0 as `names` does.
/// \param kind  "crop mode": what a person is told that he has not named
/// \throws OptionError, listing the valid names
template <class E, std::size_t N>
E enum_named(std::string_view kind, std::string_view name, const std::array<std::string_view, N>& names) {
  for (std::size_t i = 0; i < N; ++i) {
    if (names[i] == name) return static_cast<E>(i);
  }
  throw OptionError(unknown_name_message(kind, name, names));
}

}  // namespace tagger
