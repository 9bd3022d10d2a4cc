#pragma once

#include <concepts>
#include <filesystem>
#include <string_view>

#include <tagger/data/annotations.hpp>
#include <tagger/import/notes.hpp>

namespace tagger {

/// What a reader makes of somebody's annotations.
struct Imported {
  Annotations annotations;
  ImportNotes notes;
};

/// A way to lay out annotations that is not ours.
///
/// | Expression          | Returns     | Semantics                                                                 |
/// |---------------------|-------------|---------------------------------------------------------------------------|
/// | `format.read(path)` | Imported    | annotations whose image names are relative to the folder of pictures, and |
/// |                     |             | notes on all that was dropped or is in doubt. Throws FileError; DataError, |
/// |                     |             | naming file and place, for what cannot be understood                      |
/// | `F::name`           | string view | the name on command lines                                                 |
/// | `F::input`          | string view | what `path` is, in words                                                  |
///
/// A format is default constructible and may be Configurable.
template <class F>
concept ImportFormat = std::default_initializable<F> && std::copy_constructible<F> &&
                       requires(const F& format, const std::filesystem::path& path) {
                         { format.read(path) } -> std::same_as<Imported>;
                         { F::name } -> std::convertible_to<std::string_view>;
                         { F::input } -> std::convertible_to<std::string_view>;
                       };

}  // namespace tagger
