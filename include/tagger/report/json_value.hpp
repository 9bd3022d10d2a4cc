#pragma once

#include <array>
#include <charconv>
#include <cstdint>
#include <filesystem>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <tagger/error.hpp>
#include <tagger/file.hpp>
#include <tagger/json.hpp>

namespace tagger {

/// A value in a JSON file that knows where it stands, so that an error can say so: `metrics.json: labels[3].f1: ...`.
/// Refers to a document that must outlive it.
class JsonValue {
 public:
  JsonValue(const Json& value, std::filesystem::path file, std::string place = "")
      : value_(value), file_(std::move(file)), place_(std::move(place)) {}

  /// The member called `key`. \throws DataError when this is no object or has no such member
  JsonValue operator[](std::string_view key) const {
    if (!value_.is_object()) fail("an object is expected here");
    const auto found = value_.find(std::string(key));
    const std::string place = place_.empty() ? std::string(key) : place_ + "." + std::string(key);
    if (found == value_.end()) throw DataError(file_, place, "is missing");
    return {*found, file_, place};
  }

  /// The member called `key`; nothing where it is missing or null. \throws DataError when this is no object
  std::optional<JsonValue> find(std::string_view key) const {
    if (!value_.is_object()) fail("an object is expected here");
    const auto found = value_.find(std::string(key));
    if (found == value_.end() || found->is_null()) return std::nullopt;
    return (*this)[key];
  }

  /// \throws DataError when this is no array
  std::vector<JsonValue> elements() const {
    if (!value_.is_array()) fail("an array is expected here");
    std::vector<JsonValue> elements;
    elements.reserve(value_.size());
    for (const auto& element : value_) {
      elements.push_back({element, file_, place_ + "[" + std::to_string(elements.size()) + "]"});
    }
    return elements;
  }

  /// Names and values in the file's order. \throws DataError when this is no object
  std::vector<std::pair<std::string, JsonValue>> members() const {
    if (!value_.is_object()) fail("an object is expected here");
    std::vector<std::pair<std::string, JsonValue>> members;
    for (const auto& [name, value] : value_.items()) members.emplace_back(name, (*this)[name]);
    return members;
  }

  /// null is NaN, which JSON cannot write. \throws DataError
  double number() const {
    if (value_.is_null()) return std::numeric_limits<double>::quiet_NaN();
    if (!value_.is_number()) fail("a number or null is expected here");
    return value_.get<double>();
  }

  /// \throws DataError
  std::int64_t integer() const {
    if (!value_.is_number_integer()) fail("an integer is expected here");
    if (value_.is_number_unsigned() && value_.get<std::uint64_t>() > std::numeric_limits<std::int64_t>::max()) {
      fail("is too large");
    }
    return value_.get<std::int64_t>();
  }

  /// \throws DataError
  std::string text() const {
    if (!value_.is_string()) fail("a string is expected here");
    return value_.get<std::string>();
  }
  bool is_text() const { return value_.is_string(); }

  const Json& json() const { return value_; }

  /// Throws a DataError that says `what` of this place.
  [[noreturn]] void fail(std::string_view what) const { throw DataError(file_, place_, what); }

 private:
  const Json& value_;
  std::filesystem::path file_;
  std::string place_;
};

/// `text` as JSON; `file` names it in errors. \throws DataError with the place where the text goes wrong
inline Json parse_json(std::string_view text, const std::filesystem::path& file) {
  try {
    return Json::parse(text);
  } catch (const Json::parse_error& error) {
    const std::string message =
        error.what();  // "[json.exception.parse_error.101] parse error at line 1, column 2: ..."
    const auto start = message.find("at line ");
    throw DataError(file, "byte " + std::to_string(error.byte),
                    "is not JSON: " + (start == std::string::npos ? message : message.substr(start)));
  }
}

/// \throws FileError, DataError
inline Json read_json(const std::filesystem::path& path) {
  const auto bytes = read_file(path);
  return parse_json({reinterpret_cast<const char*>(bytes.data()), bytes.size()}, path);
}

/// `value` as a person would write it, 0.485 and not 0.48500001430511475; as a float it is the same.
inline double short_decimal(float value) {
  std::array<char, 32> text{};
  const auto end = std::to_chars(text.data(), text.data() + text.size(), value).ptr;
  double number = 0;
  std::from_chars(text.data(), end, number);
  return number;
}

/// `json` on one line, or indented. Text that is not UTF-8 gets U+FFFD, so that the result is always JSON.
inline std::string dump_json(const Json& json, int indent = -1) {
  return json.dump(indent, ' ', false, Json::error_handler_t::replace);
}

}  // namespace tagger
