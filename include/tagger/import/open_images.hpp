#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <unordered_set>
#include <utility>
#include <vector>

#include <tagger/configurable.hpp>
#include <tagger/data/csv.hpp>
#include <tagger/data/label.hpp>
#include <tagger/error.hpp>
#include <tagger/import/builder.hpp>
#include <tagger/import/concept.hpp>
#include <tagger/mapped_file.hpp>

namespace tagger {

/// Open Images' labels of whole pictures that people have verified: a line a picture and label.
///
///     ImageID,Source,LabelName,Confidence
///     000026e7ee790996,verification,/m/04hgtk,0      1 yes, 0 no; what is not listed is unknown
///
/// The file of descriptions gives the labels their names: `/m/04hgtk,Human head`. A confidence between 0 and 1, as
/// machines have, is taken as unknown. Columns come in any order. Memory grows with pictures and what is listed of
/// them, and not with the file, which is mapped. Kuznetsova et al., "The Open Images dataset V4", IJCV 2020.
/// Models: ImportFormat.
struct OpenImagesFormat {
  static constexpr std::string_view name = "open_images";
  static constexpr std::string_view input = "CSV of Open Images' human-verified image-level labels";

  std::filesystem::path descriptions;
  std::string file_name = "{id}.jpg";

  template <class Self>
  static void fields(Self& self, auto&& field) {
    field("descriptions", self.descriptions, "class-descriptions.csv, for the labels' names; nothing: as /m/04hgtk");
    field("file_name", self.file_name, "of a picture, such as train/{id}.jpg");
  }

  /// \throws FileError; DataError, naming line and column, for a file that has not these columns
  Imported read(const std::filesystem::path& path) const {
    const auto hole = file_name.find("{id}");
    if (hole == std::string::npos) throw OptionError("open_images:file_name=" + file_name + ": has no {id}");
    AnnotationsBuilder builder;
    const auto names = read_descriptions(builder.notes);
    const auto file = detail::map_file(path);
    const std::string_view text(reinterpret_cast<const char*>(file.bytes.data()), file.bytes.size());
    detail::CsvReader reader{text, path};
    const auto columns = read_header(reader, path);

    std::unordered_map<std::string, std::int32_t, detail::TextHash, std::equal_to<>> labels;
    std::string id, picture_name;
    std::optional<AnnotationsBuilder::Picture> picture;
    while (!reader.at_end()) {
      std::int32_t label = 0;
      Label value = Label::unknown;
      bool same_picture = true;
      for (std::size_t i = 0; i < columns.size(); ++i) {
        const std::string_view field = reader.next();
        if (columns[i] == Column::image && field != id) {
          id = field;
          same_picture = false;
        } else if (columns[i] == Column::label) {
          auto found = labels.find(field);
          if (found == labels.end()) found = labels.emplace(field, builder.label(name_of_label(field, names))).first;
          label = found->second;
        } else if (columns[i] == Column::confidence) {
          value = value_of(field, reader, builder.notes);
        }
        if (reader.at_line_end() != (i + 1 == columns.size())) {
          reader.fail("the line has not the " + std::to_string(columns.size()) + " values of the header");
        }
      }
      if (!same_picture) {
        picture_name.assign(file_name).replace(hole, 4, id);
        picture = builder.picture(picture_name, [&] { return reader.place(); });
        if (picture) builder.sample(picture->index).rest = Label::unknown;
      }
      if (picture) builder.mark(picture->index, label, value);
    }
    if (builder.size() == 0) throw DataError(path, "", "has no line of a picture that can be used");
    return builder.finish(path, AnnotationsBuilder::Order::alphabet);
  }

 private:
  enum class Column { ignored, image, label, confidence };
  using Names = std::unordered_map<std::string, std::string, detail::TextHash, std::equal_to<>>;

  static std::vector<Column> read_header(detail::CsvReader& reader, const std::filesystem::path& path) {
    static constexpr std::array<std::pair<std::string_view, Column>, 3> wanted{
        {{"ImageID", Column::image}, {"LabelName", Column::label}, {"Confidence", Column::confidence}}};
    std::vector<Column> columns;
    if (!reader.at_end()) {
      do {
        const std::string_view title = reader.next();
        const auto found = std::find_if(wanted.begin(), wanted.end(), [&](auto& each) { return each.first == title; });
        columns.push_back(found == wanted.end() ? Column::ignored : found->second);
      } while (!reader.at_line_end());
    }
    for (const auto& [title, column] : wanted) {
      if (std::count(columns.begin(), columns.end(), column) != 1) {
        throw DataError(path, "line 1", std::string("needs one column ").append(title));
      }
    }
    return columns;
  }

  static Label value_of(std::string_view field, const detail::CsvReader& reader, ImportNotes& notes) {
    if (field == "1" || field == "1.0") return Label::yes;
    if (field == "0" || field == "0.0") return Label::no;
    notes.add("confidences that are neither 0 nor 1, taken as unknown",
              [&] { return Problem{reader.place(), detail::in_quotes(field)}; });
    return Label::unknown;
  }

  static std::string name_of_label(std::string_view id, const Names& names) {
    const auto found = names.find(id);
    return found == names.end() ? std::string(id) : found->second;
  }

  /// From the labels' ids to their names. Two labels of the same name are told apart by their ids.
  Names read_descriptions(ImportNotes& notes) const {
    Names names;
    if (descriptions.empty()) return names;
    const auto file = detail::map_file(descriptions);
    const std::string_view text(reinterpret_cast<const char*>(file.bytes.data()), file.bytes.size());
    detail::CsvReader reader{text, descriptions};
    std::unordered_map<std::string, std::int64_t> uses;
    while (!reader.at_end()) {
      std::string id{reader.next()};
      if (reader.at_line_end()) reader.fail("the line has no description");
      std::string description{reader.next()};
      if (!reader.at_line_end()) reader.fail("the line has more than a label and its description");
      ++uses[description];
      names.emplace(std::move(id), std::move(description));
    }
    for (auto& [id, description] : names) {
      if (uses[description] == 1 || id == "LabelName") continue;
      notes.add("labels of the same name, told apart by their ids",
                [&] { return Problem{id, detail::in_quotes(description)}; });
      description.append(" (").append(id).append(")");
    }
    return names;
  }
};

static_assert(ImportFormat<OpenImagesFormat>);

}  // namespace tagger
