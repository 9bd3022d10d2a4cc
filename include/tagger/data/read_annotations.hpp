#pragma once

#include <filesystem>
#include <string_view>
#include <utility>

#include <tagger/data/annotations.hpp>
#include <tagger/data/annotations_handler.hpp>
#include <tagger/error.hpp>
#include <tagger/mapped_file.hpp>

namespace tagger {

/// Reads the tutorial's JSON:
///
///     {"samples": [{"image_name": "a.jpg", "image_labels": ["clouds", "sky"]}, ...], "labels": ["clouds", ...]}
///
/// A sample may also have `image_labels_unknown`, a list of the labels that nobody has decided on; other labels are a
/// no. Or it has `image_labels_absent`, a list of the labels that somebody has denied; other labels are unknown then.
/// Keys come in any order; other keys are ignored. A label that a sample repeats counts once.
/// \throws FileError when the file cannot be read; DataError, naming the place, at the first thing that is wrong with
///         it: JSON that breaks off, a value of another type, a label that is not in `labels`, a picture listed twice,
///         a label in two lists of a picture, an image name that is absolute or has "..", no samples, no labels.
///         inspect_annotations lists them all.
inline Annotations read_annotations(const std::filesystem::path& path) {
  const auto file = detail::map_file(path);
  const std::string_view text{reinterpret_cast<const char*>(file.bytes.data()), file.bytes.size()};
  auto parsed = detail::parse_annotations(
      text, [&](const Problem& problem) { throw DataError(path, problem.place, problem.what); });
  return {std::move(parsed.labels), std::move(parsed.samples), path};
}

}  // namespace tagger
