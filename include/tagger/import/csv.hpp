#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include <tagger/closest_name.hpp>
#include <tagger/configurable.hpp>
#include <tagger/data/csv.hpp>
#include <tagger/data/label.hpp>
#include <tagger/error.hpp>
#include <tagger/import/builder.hpp>
#include <tagger/import/concept.hpp>
#include <tagger/import/lines.hpp>
#include <tagger/import/separator.hpp>
#include <tagger/import/unlisted.hpp>
#include <tagger/mapped_file.hpp>

namespace tagger {

/// A table with a header line and a line a picture, whose name is in the column `image`, or the first one. Either a
/// column a label,
///
///     image_name,clouds,sky
///     a.jpg,1,-1                 1 yes, 0 no, -1 unknown; nothing: `empty` says
///
/// or, where the field `labels` names it, a column of labels' names:
///
///     image_name,tags
///     a.jpg,"clouds, sky"        as in Kaggle's tables; a picture may have several lines
///
/// Models: ImportFormat.
struct CsvFormat {
  static constexpr std::string_view name = "csv";
  static constexpr std::string_view input = "a table with a header line, a line a picture";

  Separator separator = Separator::comma;
  std::string image;
  std::string suffix;
  std::string labels;
  Separator between = Separator::comma;
  Unlisted empty = Unlisted::unknown;
  std::string ignore;

  template <class Self>
  static void fields(Self& self, auto&& field) {
    field("separator", self.separator, "between columns: comma, semicolon, tab, pipe or space");
    field("image", self.image, "the column with the pictures' names; nothing: the first one");
    field("suffix", self.suffix, "put behind each name, such as .jpg");
    field("labels", self.labels, "the column with names of labels; nothing: each other column is a label");
    field("between", self.between, "two names in that column");
    field("empty", self.empty, "what nothing in a label's column is taken for: unknown or no");
    field("ignore", self.ignore, "columns that are no labels, with commas between");
  }

  /// \throws FileError; DataError, naming line and column: no such column, a label or column that is there twice, a
  ///         line of another length than the header, a value that is none of 1, 0, -1 and nothing
  Imported read(const std::filesystem::path& path) const {
    const auto file = detail::map_file(path);
    const std::string_view text(reinterpret_cast<const char*>(file.bytes.data()), file.bytes.size());
    detail::CsvReader reader{text, path, character(separator)};
    if (reader.at_end()) throw DataError(path, "", "is empty; a header line is needed");

    AnnotationsBuilder builder;
    const std::vector<Column> columns = read_header(reader, path, builder);
    std::vector<Label> values(columns.size());
    std::string picture_name, names;
    while (!reader.at_end()) {
      for (std::size_t i = 0; i < columns.size(); ++i) {
        const std::string_view field = detail::without_blanks(reader.next());
        if (columns[i].is == Is::image) picture_name.assign(field).append(suffix);
        if (columns[i].is == Is::names) names = field;
        if (columns[i].is == Is::label) {
          values[i] = value_of(field, builder.labels()[static_cast<std::size_t>(columns[i].label)], reader);
        }
        if (reader.at_line_end() != (i + 1 == columns.size())) {
          reader.fail("the line has " + (reader.at_line_end() ? "only " + std::to_string(i + 1) : std::string("more")) +
                      " values, the header has " + std::to_string(columns.size()));
        }
      }
      const auto line = [&] { return reader.place().substr(0, reader.place().find(',')); };
      const auto picture = builder.picture(picture_name, line);
      if (!picture) continue;
      if (!picture->fresh) {
        builder.notes.add("further lines of a picture, joined",
                          [&] { return Problem{line(), detail::in_quotes(picture_name)}; });
      }
      for (std::size_t i = 0; i < columns.size(); ++i) {
        if (columns[i].is == Is::label) {
          builder.mark(picture->index, columns[i].label, values[i]);
        }
      }
      if (!labels.empty()) mark_names(names, picture->index, builder);
    }
    if (builder.size() == 0) throw DataError(path, "", "has no line of a picture that can be used");
    return builder.finish(path,
                          labels.empty() ? AnnotationsBuilder::Order::as_met : AnnotationsBuilder::Order::alphabet);
  }

 private:
  enum class Is { ignored, image, names, label };
  struct Column {
    Is is;
    std::int32_t label = 0;
  };

  std::vector<Column> read_header(detail::CsvReader& reader, const std::filesystem::path& path,
                                  AnnotationsBuilder& builder) const {
    std::vector<std::string> titles;
    do {
      titles.emplace_back(detail::without_blanks(reader.next()));
      if (std::count(titles.begin(), titles.end(), titles.back()) > 1) {
        reader.fail("column " + detail::in_quotes(titles.back()) + " is there twice");
      }
    } while (!reader.at_line_end());

    std::vector<Column> columns(titles.size(), Column{labels.empty() ? Is::label : Is::ignored});
    const auto set = [&](std::string_view title, Is is) {
      const auto found = std::find(titles.begin(), titles.end(), title);
      if (found == titles.end()) throw DataError(path, "line 1", unknown_name_message("column", title, titles));
      columns[static_cast<std::size_t>(found - titles.begin())].is = is;
    };
    for (const std::string_view each : detail::parts(ignore, ',')) set(each, Is::ignored);
    if (!labels.empty()) set(labels, Is::names);
    set(image.empty() ? titles.front() : image, Is::image);
    for (std::size_t i = 0; i < columns.size(); ++i) {
      if (columns[i].is != Is::label) continue;
      if (titles[i].empty()) throw DataError(path, "line 1", "column " + std::to_string(i + 1) + " has no title");
      columns[i].label = builder.label(titles[i]);
    }
    return columns;
  }

  Label value_of(std::string_view field, const std::string& label, const detail::CsvReader& reader) const {
    if (field.empty()) return label_of(empty);
    if (field == "1" || field == "1.0") return Label::yes;
    if (field == "0" || field == "0.0") return Label::no;
    if (field == "-1" || field == "-1.0") return Label::unknown;
    reader.fail(detail::in_quotes(field) + " is no value of label " + detail::in_quotes(label) +
                ": 1 (yes), 0 (no), -1 (unknown) or nothing is needed. Columns that are no labels can be ignored");
  }

  void mark_names(std::string_view names, std::size_t picture, AnnotationsBuilder& builder) const {
    for (const std::string_view each : detail::parts(names, character(between))) {
      builder.mark(picture, builder.label(each), Label::yes);
    }
  }
};

static_assert(ImportFormat<CsvFormat>);

}  // namespace tagger
