#pragma once

#include <algorithm>
#include <charconv>
#include <cstddef>
#include <filesystem>
#include <set>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>
#include <vector>

#include <tagger/data/csv.hpp>
#include <tagger/error.hpp>
#include <tagger/file.hpp>
#include <tagger/report/json_value.hpp>
#include <tagger/weights/hub_config.hpp>

namespace tagger {

/// What kind of tag one is, by Danbooru's numbers.
enum class TagCategory { general = 0, artist = 1, copyright = 3, character = 4, meta = 5, rating = 9 };

/// A folder as timm's hub has them, ready to tag with: what config.json says, the labels, and of a WD tagger what its
/// selected_tags.csv adds. The weights are what read_weights(folder) reads.
struct HubFolder {
  HubConfig config;                       ///< its labels are there
  std::vector<TagCategory> categories{};  ///< of each label; empty where the folder knows none
  std::vector<double> thresholds{};       ///< for the scores of each label; empty where the folder knows none
};

/// The score from which on the WD taggers' own program shows a tag: 0.35, a character 0.85. Of the four ratings it
/// shows the best; above 0.5 one is that.
constexpr double wd_threshold(TagCategory category) {
  return category == TagCategory::character ? 0.85 : category == TagCategory::rating ? 0.5 : 0.35;
}

namespace detail {

struct SelectedTags {
  std::vector<std::string> names;
  std::vector<TagCategory> categories;
};

/// Reads selected_tags.csv: a line for each label in the network's order, with columns `name` and `category` among
/// others. \throws FileError, DataError
inline SelectedTags read_selected_tags(const std::filesystem::path& path) {
  const auto bytes = read_file(path);
  CsvReader reader{{reinterpret_cast<const char*>(bytes.data()), bytes.size()}, path};
  std::vector<std::string> columns;
  while (!reader.at_end()) {
    columns.emplace_back(reader.next());
    if (reader.at_line_end()) break;
  }
  for (const auto* wanted : {"name", "category"}) {
    if (std::ranges::count(columns, wanted) != 1) {
      throw DataError(path, "line 1", "there is not one column called " + std::string(wanted));
    }
  }
  SelectedTags tags;
  std::set<std::string> seen;
  while (!reader.at_end()) {
    std::size_t column = 0;
    for (bool line_end = false; !line_end; line_end = reader.at_line_end(), ++column) {
      const std::string_view field = reader.next();
      if (column == columns.size()) reader.fail("more fields than columns");
      if (columns[column] == "name") {
        if (field.empty()) reader.fail("a tag without a name");
        if (!seen.emplace(field).second) reader.fail("the tag " + std::string(field) + " is there twice");
        tags.names.emplace_back(field);
      } else if (columns[column] == "category") {
        int number = -1;
        const auto [end, error] = std::from_chars(field.data(), field.data() + field.size(), number);
        const bool known = number == 0 || number == 1 || (number >= 3 && number <= 5) || number == 9;
        if (error != std::errc{} || end != field.data() + field.size() || !known) {
          reader.fail("the category \"" + std::string(field) + "\" is none of 0, 1, 3, 4, 5, 9");
        }
        tags.categories.push_back(static_cast<TagCategory>(number));
      }
    }
    if (column != columns.size()) reader.fail("fewer fields than columns");
  }
  return tags;
}

}  // namespace detail

/// Reads config.json and, in a WD tagger's folder, selected_tags.csv. A WD tagger takes pictures with a white border
/// that makes them squares, and its channels are blue, green, red; config.json does not say so.
/// \throws FileError; DataError where they contradict each other, or where the labels have no names
inline HubFolder read_hub_folder(const std::filesystem::path& folder) {
  const auto path = folder / "config.json";
  const Json json = read_json(path);
  HubFolder hub{.config = read_hub_config({json, path})};
  HubConfig& config = hub.config;
  const auto tags_path = folder / "selected_tags.csv";
  std::error_code error;
  if (std::filesystem::exists(tags_path, error)) {
    const auto preprocess = folder / "preprocess.json";
    if (std::filesystem::exists(preprocess, error)) {
      throw DataError(preprocess, "",
                      "pictures are prepared as this file says, which is not read: this is no WD tagger");
    }
    auto tags = detail::read_selected_tags(tags_path);
    if (std::ssize(tags.names) != config.classes) {
      throw DataError(tags_path, "",
                      std::to_string(tags.names.size()) + " tags, but config.json has num_classes " +
                          std::to_string(config.classes));
    }
    config.labels = std::move(tags.names);
    config.transform.crop_mode = CropMode::pad;
    config.transform.channels = ChannelOrder::bgr;
    hub.categories = std::move(tags.categories);
    for (const auto category : hub.categories) hub.thresholds.push_back(wd_threshold(category));
  }
  if (config.labels.empty()) {
    throw DataError(path, "label_names", "is missing, and there is no selected_tags.csv: the labels have no names");
  }
  return hub;
}

}  // namespace tagger
