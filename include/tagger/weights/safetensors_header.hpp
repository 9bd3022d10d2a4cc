#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <tagger/json.hpp>
#include <tagger/weights/state_dict.hpp>

namespace tagger::detail {

/// The names of the format for our types. (F8_E4M3, U16, C64 and others exist; networks have no use for them, or only
/// with a scale that the file keeps apart.)
inline constexpr std::array<std::pair<std::string_view, DType>, 10> safetensors_types{{{"F32", DType::float32},
                                                                                       {"F64", DType::float64},
                                                                                       {"F16", DType::float16},
                                                                                       {"BF16", DType::bfloat16},
                                                                                       {"I64", DType::int64},
                                                                                       {"I32", DType::int32},
                                                                                       {"I16", DType::int16},
                                                                                       {"I8", DType::int8},
                                                                                       {"U8", DType::uint8},
                                                                                       {"BOOL", DType::boolean}}};

constexpr std::string_view safetensors_name(DType dtype) {
  for (const auto& [name, type] : safetensors_types) {
    if (type == dtype) return name;
  }
  return {};
}

/// The JSON at the start of a safetensors file:
/// `{"__metadata__": {"key": "value"}, "conv1.weight": {"dtype": "F32", "shape": [2, 2], "data_offsets": [0, 16]}}`.
struct SafetensorsHeader {
  struct Tensor {
    std::string name;
    DType dtype = DType::float32;
    std::vector<std::int64_t> shape;
    std::uint64_t begin = 0, end = 0;  ///< in the data that follow the header
  };
  std::vector<Tensor> tensors;
  std::map<std::string, std::string> metadata;
};

/// Fills a SafetensorsHeader as the parser goes: the shape of the JSON is fixed, so nothing nests and nothing is built
/// that the file does not pay for with its own bytes.
class SafetensorsHeaderReader final : public nlohmann::json_sax<Json> {
 public:
  explicit SafetensorsHeaderReader(std::filesystem::path file) : file_(std::move(file)) {}

  SafetensorsHeader header;

  bool start_object(std::size_t) override {
    if (place_ == Place::start) return go(Place::top);
    if (place_ != Place::value_of_top) refuse("an object where none belongs");
    if (name_ == "__metadata__") return go(Place::metadata);
    header.tensors.emplace_back().name = name_;
    seen_ = {};
    return go(Place::tensor);
  }
  bool key(string_t& name) override {
    if (place_ == Place::top) {
      name_ = name;
      if (name_ == "__metadata__" && std::exchange(seen_metadata_, true)) refuse("there are two of it");
      return go(Place::value_of_top);
    }
    field_ = name;
    if (place_ == Place::metadata) {
      if (header.metadata.contains(field_)) refuse("there are two \"" + field_ + '"');
      return go(Place::value_of_metadata);
    }
    constexpr std::array<std::string_view, 3> fields{"dtype", "shape", "data_offsets"};
    const auto found = std::find(fields.begin(), fields.end(), field_);
    if (found == fields.end()) refuse("\"" + field_ + "\" is not a field of a tensor");
    if (std::exchange(seen_[static_cast<std::size_t>(found - fields.begin())], true)) {
      refuse("there are two \"" + field_ + '"');
    }
    return go(Place::value_of_tensor);
  }
  bool string(string_t& text) override {
    if (place_ == Place::value_of_metadata) {
      header.metadata.emplace(field_, text);
      return go(Place::metadata);
    }
    if (place_ != Place::value_of_tensor || field_ != "dtype") refuse("a string where none belongs");
    const auto found = std::find_if(safetensors_types.begin(), safetensors_types.end(),
                                    [&](const auto& each) { return each.first == text; });
    if (found == safetensors_types.end()) {
      std::string known;
      for (const auto& [name, type] : safetensors_types) known += ' ' + std::string(name);
      refuse("dtype \"" + text + "\" is not supported; convert it in Python, say to float16 (supported:" + known + ')');
    }
    header.tensors.back().dtype = found->second;
    return go(Place::tensor);
  }
  bool start_array(std::size_t) override {
    if (place_ != Place::value_of_tensor || field_ == "dtype") refuse("a list where none belongs");
    numbers_.clear();
    return go(Place::list);
  }
  bool number_unsigned(number_unsigned_t number) override {
    if (place_ != Place::list || number > std::uint64_t{1} << 62) refuse("a number where none belongs");
    numbers_.push_back(static_cast<std::int64_t>(number));
    return true;
  }
  bool end_array() override {
    auto& tensor = header.tensors.back();
    if (field_ == "shape") {
      tensor.shape = numbers_;
    } else {
      if (numbers_.size() != 2) refuse("data_offsets are not two numbers");
      tensor.begin = static_cast<std::uint64_t>(numbers_[0]);
      tensor.end = static_cast<std::uint64_t>(numbers_[1]);
    }
    return go(Place::tensor);
  }
  bool end_object() override {
    if (place_ == Place::top) return go(Place::end);
    if (place_ == Place::tensor && seen_ != std::array{true, true, true}) {
      refuse("it lacks one of dtype, shape, data_offsets");
    }
    return go(Place::top);
  }
  bool null() override { refuse("null where none belongs"); }
  bool boolean(bool) override { refuse("a boolean where none belongs"); }
  bool number_integer(number_integer_t) override { refuse("a negative number"); }
  bool number_float(number_float_t, const string_t&) override { refuse("a number that is no 64-bit integer"); }
  bool binary(binary_t&) override { refuse("binary data"); }
  bool parse_error(std::size_t position, const std::string&, const Json::exception& error) override {
    throw WeightsError(file_, "header, byte " + std::to_string(position), error.what());
  }

 private:
  enum class Place { start, top, value_of_top, metadata, value_of_metadata, tensor, value_of_tensor, list, end };

  bool go(Place place) {
    place_ = place;
    return true;
  }
  [[noreturn]] void refuse(const std::string& what) const {
    throw WeightsError(file_, name_.empty() ? "header" : name_, what);
  }

  std::filesystem::path file_;
  Place place_ = Place::start;
  std::string name_, field_;
  std::vector<std::int64_t> numbers_;
  std::array<bool, 3> seen_{};
  bool seen_metadata_ = false;
};

}  // namespace tagger::detail
