#pragma once

#include <cstddef>
#include <filesystem>
#include <string>
#include <string_view>
#include <system_error>
#include <vector>

#include <tagger/data/annotations_handler.hpp>
#include <tagger/data/check_annotations.hpp>
#include <tagger/data/distribution.hpp>
#include <tagger/data/label_tally.hpp>
#include <tagger/data/problem.hpp>
#include <tagger/error.hpp>
#include <tagger/mapped_file.hpp>

namespace tagger {

/// What there is to know of an annotation file before one trains on it.
struct Inspection {
  std::size_t samples = 0;  ///< those that could be understood
  std::vector<LabelCount> distribution;
  LabelTally tally;               ///< likewise, in the order of the file's labels
  std::vector<Problem> problems;  ///< all that is wrong, in the order of finding; read_annotations throws at the first
  std::vector<std::string> unused_labels;           ///< in `labels`, but no picture has them
  std::vector<std::string> samples_without_labels;  ///< image names; no error, but the tutorial leaves such samples out
  std::vector<std::string> missing_pictures;        ///< image names that are no files in the folder

  /// Whether one can train on it: read_annotations accepts the file, and no picture is missing.
  bool usable() const { return problems.empty() && missing_pictures.empty(); }
};

/// Reads an annotation file to its end whatever is wrong with it, and looks whether its pictures are there (not
/// whether they can be decoded).
/// \param images  the folder of pictures; empty: pictures are not looked for
/// \throws FileError when the annotations cannot be read, or `images` is no folder
inline Inspection inspect_annotations(const std::filesystem::path& annotations,
                                      const std::filesystem::path& images = {}) {
  const auto file = detail::map_file(annotations);
  if (!images.empty() && !std::filesystem::is_directory(images)) throw FileError(images, "", "is not a folder");

  Inspection found;
  const ProblemSink collect = [&](const Problem& problem) { found.problems.push_back(problem); };
  const auto parsed =
      detail::parse_annotations({reinterpret_cast<const char*>(file.bytes.data()), file.bytes.size()}, collect);
  // of a file that breaks off one can judge what is there, not that nothing is
  if (parsed.whole || !parsed.labels.empty()) detail::check_labels(parsed.labels, parsed.label_positions, collect);
  if (parsed.whole || !parsed.samples.empty()) {
    detail::check_samples(parsed.labels, parsed.samples, parsed.sample_positions, collect);
  }

  found.samples = parsed.samples.size();
  found.distribution = label_distribution(parsed.labels, parsed.samples);
  found.tally = label_tally(parsed.samples, parsed.labels.size());
  for (const LabelCount& label : found.distribution) {
    if (label.count == 0) found.unused_labels.push_back(label.name);
  }
  for (const Sample& sample : parsed.samples) {
    if (sample.yes.empty()) found.samples_without_labels.push_back(sample.image_name);
    if (images.empty() || !detail::image_name_fault(sample.image_name).empty()) continue;
    std::error_code none;
    if (!std::filesystem::is_regular_file(images / sample.image_name, none)) {
      found.missing_pictures.push_back(sample.image_name);
    }
  }
  return found;
}

}  // namespace tagger
