#pragma once

#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <tagger/data/check_annotations.hpp>
#include <tagger/data/json_fault.hpp>
#include <tagger/error.hpp>
#include <tagger/json.hpp>

namespace tagger::detail {

/// What is read of a COCO file's `images`, `categories` and `annotations`.
struct CocoFile {
  struct Image {
    std::int64_t id;
    std::string name;
    std::optional<std::vector<std::int64_t>> absent;  ///< LVIS: the categories that it is known not to have
  };
  struct Category {
    std::int64_t id;
    std::string name;
  };
  struct Object {
    std::int64_t image, category;
    bool crowd, ignore;
  };
  std::vector<Image> images;
  std::vector<Category> categories;
  std::vector<Object> objects;
};

/// Receives the events of nlohmann's SAX parser, as annotation files of COCO's kind have a million outlines that are
/// of no use here. Each list may come first. \throws DataError, naming the place
class CocoHandler final : public nlohmann::json_sax<Json> {
 public:
  /// `text` must outlive the handler. \param file  its name, for messages
  CocoHandler(std::string_view text, std::filesystem::path file) : text_(text), file_(std::move(file)) {}

  bool null() override { return true; }
  bool boolean(bool value) override { return number(value), true; }
  bool number_integer(number_integer_t value) override { return number(value), true; }
  bool number_unsigned(number_unsigned_t value) override { return number(static_cast<std::int64_t>(value)), true; }
  bool number_float(number_float_t value, const std::string&) override {
    if (value >= 0 && value < 1e15 && value == std::floor(value)) number(static_cast<std::int64_t>(value));
    return true;
  }
  bool binary(binary_t&) override { return true; }
  bool string(std::string& text) override {
    if (depth_ != in_record) return true;
    if (key_ == "file_name" || key_ == "name") record_.name = std::move(text);
    if (key_ == "coco_url") record_.url = std::move(text);
    return true;
  }
  bool key(std::string& name) override {
    if (depth_ == in_root) list_ = name;
    if (depth_ == in_record) key_ = name;
    return true;
  }

  bool start_object(std::size_t) override {
    if (++depth_ == in_record) record_ = {};
    return true;
  }
  bool end_object() override {
    if (depth_-- == in_record) finish_record();
    return true;
  }
  bool start_array(std::size_t) override {
    if (++depth_ == in_list) {
      count_ = 0;
      for (std::size_t i = 0; i < lists.size(); ++i) seen_[i] = seen_[i] || list_ == lists[i];
    }
    if (depth_ == in_record_list && key_ == "neg_category_ids") record_.absent.emplace();
    return true;
  }
  bool end_array() override { return --depth_, true; }

  bool parse_error(std::size_t position, const std::string&, const Json::exception& error) override {
    const Problem fault = json_fault(text_, position, error);
    throw DataError(file_, fault.place, fault.what);
  }

  /// To be called once, after the last event.
  CocoFile finish() {
    for (std::size_t i = 0; i < lists.size(); ++i) {
      if (!seen_[i]) throw DataError(file_, lists[i], "is missing; the file must have a list of this name");
    }
    return std::move(read_);
  }

 private:
  struct Record {
    std::optional<std::int64_t> id, image, category;
    std::string name, url;
    bool crowd = false, ignore = false;
    std::optional<std::vector<std::int64_t>> absent;
  };

  static constexpr int in_root = 1, in_list = 2, in_record = 3, in_record_list = 4;
  static constexpr std::array<std::string_view, 3> lists{"images", "categories", "annotations"};

  void number(std::int64_t value) {
    if (depth_ == in_record) {
      if (key_ == "id") record_.id = value;
      if (key_ == "image_id") record_.image = value;
      if (key_ == "category_id") record_.category = value;
      if (key_ == "iscrowd") record_.crowd = value != 0;
      if (key_ == "ignore") record_.ignore = value != 0;
    } else if (depth_ == in_record_list && key_ == "neg_category_ids" && record_.absent) {
      record_.absent->push_back(value);
    }
  }

  void finish_record() {
    const auto number = [this](const std::optional<std::int64_t>& value, std::string_view key) {
      if (!value) fail(key, "is missing, or no whole number");
      return *value;
    };
    const auto name = [this](std::string& value, std::string_view key) {
      if (value.empty()) fail(key, "is missing, or no text");
      return std::move(value);
    };
    if (list_ == "images") {
      if (record_.name.empty()) record_.name = last_two_parts(record_.url);
      read_.images.push_back({number(record_.id, "id"), name(record_.name, "file_name"), std::move(record_.absent)});
    } else if (list_ == "categories") {
      read_.categories.push_back({number(record_.id, "id"), name(record_.name, "name")});
    } else if (list_ == "annotations") {
      read_.objects.push_back(
          {number(record_.image, "image_id"), number(record_.category, "category_id"), record_.crowd, record_.ignore});
    }
    ++count_;
  }

  /// LVIS has addresses instead of names: "http://images.cocodataset.org/val2017/000000397133.jpg".
  static std::string last_two_parts(std::string_view url) {
    const std::size_t last = url.rfind('/');
    const std::size_t before = last == 0 || last == url.npos ? url.npos : url.rfind('/', last - 1);
    return std::string(before == url.npos ? url : url.substr(before + 1));
  }

  [[noreturn]] void fail(std::string_view key, std::string_view what) const {
    throw DataError(file_, element(list_, count_).append(".").append(key), what);
  }

  std::string_view text_;
  std::filesystem::path file_;
  CocoFile read_;
  Record record_;
  std::string list_, key_;  // the keys that lead to the next value, at the top and in a record
  int depth_ = 0;
  std::size_t count_ = 0;  // records of the list so far
  std::array<bool, lists.size()> seen_{};
};

}  // namespace tagger::detail
