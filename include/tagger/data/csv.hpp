#pragma once

#include <algorithm>
#include <cstddef>
#include <filesystem>
#include <string>
#include <string_view>
#include <utility>

#include <tagger/error.hpp>

namespace tagger {
namespace detail {

/// Walks through comma-separated values (RFC 4180: quoted fields may hold commas, line breaks and doubled quotes; lines
/// end in LF or CRLF), field by field. A byte order mark and blank lines at the end are passed over. Another separator
/// than a comma may be asked for.
class CsvReader {
 public:
  /// `text` must outlive the reader. \param file  its name, for messages
  CsvReader(std::string_view text, std::filesystem::path file, char separator = ',')
      : text_(text), file_(std::move(file)), separator_(separator) {
    if (text_.starts_with("\xEF\xBB\xBF")) text_.remove_prefix(3);
    while (!text_.empty() && (text_.back() == '\n' || text_.back() == '\r')) text_.remove_suffix(1);
  }

  bool at_end() const { return ended_ || text_.empty(); }

  /// Whether the field read last was the last of its line.
  bool at_line_end() const { return line_end_; }

  /// The next field, valid until the next call. \throws DataError for a quote out of place
  std::string_view next() {
    field_ = next_;
    std::string_view value;
    if (next_ < text_.size() && text_[next_] == '"') {
      value = quoted();
    } else {
      std::size_t end = next_;
      while (end < text_.size() && text_[end] != separator_ && text_[end] != '\n' && text_[end] != '"') ++end;
      if (end < text_.size() && text_[end] == '"') fail("a quote within a field that does not begin with one");
      value = text_.substr(next_, end - next_);
      next_ = end;
      if (value.ends_with('\r') && (end == text_.size() || text_[end] == '\n')) value.remove_suffix(1);
    }
    ended_ = next_ == text_.size();
    line_end_ = ended_ || text_[next_] == '\n';
    if (!ended_) ++next_;
    return value;
  }

  /// "line 2, column 5": where the field read last begins.
  std::string place() const {
    const std::string_view before = text_.substr(0, field_);
    const auto line = 1 + std::count(before.begin(), before.end(), '\n');
    const auto column = before.size() - (before.rfind('\n') + 1) + 1;
    return "line " + std::to_string(line) + ", column " + std::to_string(column);
  }

  /// Blames the field read last.
  [[noreturn]] void fail(std::string_view what) const { throw DataError(file_, place(), what); }

 private:
  std::string_view quoted() {
    unescaped_.clear();
    for (std::size_t start = next_ + 1;;) {
      const std::size_t quote = text_.find('"', start);
      if (quote == std::string_view::npos) fail("a quote that is never closed; the file may be cut off");
      unescaped_.append(text_.substr(start, quote - start));
      start = quote + 1;
      if (start == text_.size() || text_[start] != '"') {
        next_ = start;
        break;
      }
      unescaped_ += '"';
      ++start;
    }
    if (text_.substr(next_).starts_with("\r\n")) ++next_;
    if (next_ < text_.size() && text_[next_] != separator_ && text_[next_] != '\n')
      fail("text after the closing quote");
    return unescaped_;
  }

  std::string_view text_;
  std::filesystem::path file_;
  char separator_;
  std::string unescaped_;
  std::size_t field_ = 0;  // where the field read last begins
  std::size_t next_ = 0;
  bool line_end_ = false;
  bool ended_ = false;
};

}  // namespace detail

/// `text` as a field of a CSV file (RFC 4180): in quotes where it needs them.
inline std::string csv_field(std::string_view text) {
  if (text.find_first_of(",\"\r\n") == std::string_view::npos) return std::string(text);
  std::string field = "\"";
  for (const char c : text) field.append(c == '"' ? 2 : 1, c);
  return field += '"';
}

}  // namespace tagger
