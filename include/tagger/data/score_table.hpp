#pragma once

#include <charconv>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <limits>
#include <string>
#include <string_view>
#include <system_error>
#include <unordered_set>
#include <utility>
#include <vector>

#include <tagger/data/check_annotations.hpp>
#include <tagger/data/csv.hpp>
#include <tagger/data/label.hpp>
#include <tagger/data/score_kind.hpp>
#include <tagger/error.hpp>
#include <tagger/file.hpp>

namespace tagger {

/// A number for each picture and label, as a CSV file holds them: a header line of label names, a line a picture. The
/// header's first column may be `image_name` or `path`; the lines then begin with the picture's name.
///
///     image_name,clouds,sky
///     a.jpg,0.25,0.875
template <class Matrix>
struct LabelTable {
  std::vector<std::string> images;  ///< (N), each but once; empty where the file does not name them
  std::vector<std::string> labels;  ///< (K), each but once
  Matrix values;                    ///< (N, K)
  std::filesystem::path source;     ///< the file it comes from, for messages
};

using ScoreTable = LabelTable<ScoreMatrix>;
using TargetTable = LabelTable<LabelMatrix>;

namespace detail {

inline std::string_view trimmed(std::string_view text) {
  while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
  while (!text.empty() && (text.back() == ' ' || text.back() == '\t')) text.remove_suffix(1);
  return text;
}

/// A number whatever the locale; false where `text` is none. One too small for a float becomes zero, one too large
/// infinite.
inline bool parse_float(std::string_view text, float& value) {
  const char* const end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, value);
  if (stop != end || error == std::errc::invalid_argument) return false;
  if (error == std::errc::result_out_of_range) {
    // from_chars does not say whether too small or too large; a double tells, or else the exponent's sign
    const bool negative_exponent = text.find("e-") != text.npos || text.find("E-") != text.npos;
    double wide = negative_exponent ? 0 : 1;
    std::from_chars(text.data(), end, wide);
    value = std::abs(wide) < 1 ? static_cast<float>(wide) : std::numeric_limits<float>::infinity();
  }
  return true;
}

/// \param parse  (reader, field, label) -> the matrix's number; blames the reader's field
template <class Matrix, class Parse>
LabelTable<Matrix> read_label_table(const std::filesystem::path& path, Parse parse) {
  const auto bytes = read_file(path);
  CsvReader reader{{reinterpret_cast<const char*>(bytes.data()), bytes.size()}, path};
  if (reader.at_end()) throw DataError(path, "", "is empty; a header line of label names is needed");

  LabelTable<Matrix> table{.images = {}, .labels = {}, .values = {}, .source = path};
  bool named = false;
  std::unordered_set<std::string> seen;
  do {
    const std::string name{reader.next()};
    if (table.labels.empty() && !named && (name == "image_name" || name == "path")) {
      named = true;
      continue;
    }
    if (name.empty()) reader.fail("a label without a name");
    if (!seen.insert(name).second) reader.fail("label " + in_quotes(name) + " has two columns");
    table.labels.push_back(name);
  } while (!reader.at_line_end());
  if (table.labels.empty()) reader.fail("the header line names no label");

  const std::size_t columns = table.labels.size();
  std::vector<typename Matrix::Scalar> values;
  seen.clear();
  while (!reader.at_end()) {
    if (named) {
      std::string image{reader.next()};
      if (!seen.insert(image).second) reader.fail("picture " + in_quotes(image) + " has two lines");
      table.images.push_back(std::move(image));
      if (reader.at_line_end()) reader.fail("the line has no number, the header has " + std::to_string(columns));
    }
    for (std::size_t column = 0; column < columns; ++column) {
      values.push_back(parse(reader, reader.next(), table.labels[column]));
      if (reader.at_line_end() != (column + 1 == columns)) {
        reader.fail(
            "the line has " +
            (reader.at_line_end() ? "only " + std::to_string(column + 1) : "more than " + std::to_string(columns)) +
            " numbers, the header has " + std::to_string(columns) + " labels");
      }
    }
  }
  if (values.empty()) throw DataError(path, "", "has a header line, but no picture");
  table.values = Eigen::Map<const Matrix>(values.data(), static_cast<Eigen::Index>(values.size() / columns),
                                          static_cast<Eigen::Index>(columns));
  return table;
}

}  // namespace detail

/// Reads scores, whatever the locale, a point before the decimals; kept as float32.
/// \param kind  whether they must lie in [0, 1], or can be any finite number
/// \throws FileError; DataError that names line and column: a score that is no number or not of this kind, a line of
///         another length than the header, a label or picture that is there twice, no picture at all
inline ScoreTable read_scores(const std::filesystem::path& path, ScoreKind kind = ScoreKind::probability) {
  return detail::read_label_table<ScoreMatrix>(
      path, [kind](const detail::CsvReader& reader, std::string_view field, const std::string& label) {
        float score = 0;
        const bool number = detail::parse_float(detail::trimmed(field), score);
        const bool fits = kind == ScoreKind::probability ? score >= 0 && score <= 1 : std::isfinite(score);
        if (!number || !fits) {
          reader.fail(detail::in_quotes(field) + " is no score of label " + detail::in_quotes(label) + ": a " +
                      (kind == ScoreKind::probability ? "number in [0, 1]" : "finite number") + " is needed");
        }
        return score;
      });
}

/// Reads targets: 1 yes, 0 no, -1 or nothing unknown.
/// \throws FileError; DataError as read_scores
inline TargetTable read_targets(const std::filesystem::path& path) {
  return detail::read_label_table<LabelMatrix>(
      path, [](const detail::CsvReader& reader, std::string_view field, const std::string& label) {
        const std::string_view text = detail::trimmed(field);
        if (text == "0" || text == "0.0") return static_cast<std::int8_t>(Label::no);
        if (text == "1" || text == "1.0") return static_cast<std::int8_t>(Label::yes);
        if (text.empty() || text == "-1" || text == "-1.0") return static_cast<std::int8_t>(Label::unknown);
        reader.fail(detail::in_quotes(field) + " is no target of label " + detail::in_quotes(label) +
                    ": 1 (yes), 0 (no), -1 or nothing (unknown) is needed");
      });
}

namespace detail {

/// \param append  (text, value): appends the value's digits
template <class Matrix, class Append>
void write_label_table(const std::filesystem::path& path, const LabelTable<Matrix>& table, Append append) {
  std::string text = table.images.empty() ? "" : "image_name";
  for (const std::string& label : table.labels) {
    if (!text.empty()) text += ',';
    text += csv_field(label);
  }
  for (Eigen::Index row = 0; row < table.values.rows(); ++row) {
    text += '\n';
    if (!table.images.empty()) text.append(csv_field(table.images[static_cast<std::size_t>(row)])) += ',';
    for (Eigen::Index column = 0; column < table.values.cols(); ++column) {
      if (column > 0) text += ',';
      append(text, table.values(row, column));
    }
  }
  write_file(path, text += '\n');
}

}  // namespace detail

/// Writes what read_scores reads, each score with as few digits as bring it back to the bit; the file appears whole or
/// not at all. \throws FileError
inline void write_scores(const std::filesystem::path& path, const ScoreTable& table) {
  detail::write_label_table(path, table, [](std::string& text, float score) {
    char digits[32];
    text.append(digits, std::to_chars(digits, digits + sizeof digits, score).ptr);
  });
}

/// Writes what read_targets reads, in the same way. \throws FileError
inline void write_targets(const std::filesystem::path& path, const TargetTable& table) {
  detail::write_label_table(path, table, [](std::string& text, std::int8_t target) { text += std::to_string(target); });
}

}  // namespace tagger
