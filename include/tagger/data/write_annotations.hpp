#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include <tagger/data/annotations.hpp>
#include <tagger/data/label.hpp>
#include <tagger/error.hpp>
#include <tagger/file.hpp>
#include <tagger/json.hpp>

namespace tagger {

namespace detail {

/// Tells `write` the JSON of read_annotations in parts of about a MiB, a line a sample: millions of samples are never
/// one text. \throws DataError for a name that is not UTF-8
void annotations_json(const Annotations& annotations, auto&& write) {
  const auto quote = [&](const std::string& name) {
    try {
      return Json(name).dump();
    } catch (const Json::type_error&) {
      throw DataError(annotations.source(), "", "a name is not valid UTF-8 and cannot be written as JSON: " + name);
    }
  };
  std::vector<std::string> labels;
  labels.reserve(annotations.labels().size());
  for (const std::string& label : annotations.labels()) labels.push_back(quote(label));

  constexpr std::size_t part = std::size_t{1} << 20;
  std::string text = "{\"samples\": [";
  const auto append_list = [&](std::string_view key, const std::vector<std::int32_t>& indices) {
    text.append(", \"").append(key).append("\": [");
    std::string_view separator;
    for (const std::int32_t index : indices) {
      text.append(separator).append(labels[static_cast<std::size_t>(index)]);
      separator = ", ";
    }
    text += ']';
  };
  std::string_view separator = "\n";
  for (const Sample& sample : annotations.samples()) {
    text.append(separator).append("{\"image_name\": ").append(quote(sample.image_name));
    append_list("image_labels", sample.yes);
    if (!sample.unknown.empty()) append_list("image_labels_unknown", sample.unknown);
    if (sample.rest == Label::unknown) append_list("image_labels_absent", sample.no);
    text += '}';
    separator = ",\n";
    if (text.size() < part) continue;
    write(std::string_view(text));
    text.clear();
  }
  text += "\n], \"labels\": [";
  separator = "";
  for (const std::string& label : labels) {
    text.append(separator).append(label);
    separator = ", ";
  }
  write(std::string_view(text += "]}\n"));
}

}  // namespace detail

/// Writes what read_annotations reads, equal annotations; the file appears whole or not at all.
/// \throws FileError; DataError for a name that is not UTF-8
inline void write_annotations(const std::filesystem::path& path, const Annotations& annotations) {
  AtomicFile file{path};
  detail::annotations_json(annotations, [&](std::string_view text) { file.write(text); });
  file.commit();
}

}  // namespace tagger
