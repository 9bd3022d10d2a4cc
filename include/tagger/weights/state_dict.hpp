#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <filesystem>
#include <functional>
#include <limits>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <unordered_map>
#include <utility>
#include <vector>

#include <tagger/error.hpp>

namespace tagger {

/// The type of a tensor's elements.
enum class DType : std::uint8_t { float32, float64, float16, bfloat16, int64, int32, int16, int8, uint8, boolean };

/// Bytes an element takes.
constexpr std::size_t element_size(DType dtype) {
  constexpr std::array<std::uint8_t, 10> sizes{4, 8, 2, 2, 8, 4, 2, 1, 1, 1};
  return sizes[static_cast<std::size_t>(dtype)];
}

/// The name as PyTorch spells it, "bool" for boolean.
constexpr std::string_view dtype_name(DType dtype) {
  constexpr std::array<std::string_view, 10> names{"float32", "float64", "float16", "bfloat16", "int64",
                                                   "int32",   "int16",   "int8",    "uint8",    "bool"};
  return names[static_cast<std::size_t>(dtype)];
}

/// The DType that a C++ type has the layout of.
template <class T>
inline constexpr DType dtype_of = [] {
  if constexpr (std::is_same_v<T, float>) return DType::float32;
  if constexpr (std::is_same_v<T, double>) return DType::float64;
  if constexpr (std::is_same_v<T, std::int64_t>) return DType::int64;
  if constexpr (std::is_same_v<T, std::int32_t>) return DType::int32;
  if constexpr (std::is_same_v<T, std::int16_t>) return DType::int16;
  if constexpr (std::is_same_v<T, std::int8_t>) return DType::int8;
  if constexpr (std::is_same_v<T, std::uint8_t>) return DType::uint8;
  if constexpr (std::is_same_v<T, bool>) return DType::boolean;
}();

/// "(64, 3, 7, 7)"; "()" for a scalar.
inline std::string shape_text(std::span<const std::int64_t> shape) {
  std::string text = "(";
  for (std::size_t i = 0; i < shape.size(); ++i) text += (i ? ", " : "") + std::to_string(shape[i]);
  return text += ')';
}

/// Elements in a tensor of `shape`; nothing when a size is negative or the number does not fit.
constexpr std::optional<std::uint64_t> element_count(std::span<const std::int64_t> shape) {
  std::uint64_t count = 1;
  bool overflow = false;
  for (const std::int64_t size : shape) {
    if (size < 0) return std::nullopt;
    if (size == 0) return 0;
    overflow = overflow || count > static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max() / size);
    if (!overflow) count *= static_cast<std::uint64_t>(size);
  }
  return overflow ? std::nullopt : std::optional(count);
}

/// The values of a tensor: contiguous, row-major, little endian. It is a view; `owner` keeps alive what it looks at
/// (the contents of a file, a vector, a torch::Tensor). Without an owner, whoever made the view sees to that. The bytes
/// of a file need not be aligned for their type: copy them, as values() does, rather than cast.
struct TensorData {
  DType dtype = DType::float32;
  std::vector<std::int64_t> shape;
  std::span<const std::byte> bytes;
  std::shared_ptr<const void> owner;

  /// A tensor that owns a copy of `values`. \throws WeightsError when `shape` asks for another number of them
  template <class T>
  static TensorData of(std::span<const T> values, std::vector<std::int64_t> shape);
  template <class T>
  static TensorData of(const std::vector<T>& values, std::vector<std::int64_t> shape) {
    return of(std::span<const T>(values), std::move(shape));
  }

  std::size_t numel() const { return bytes.size() / element_size(dtype); }

  /// A copy of the values. \throws WeightsError when T has not the layout of dtype
  template <class T>
  std::vector<T> values() const {
    if (dtype != dtype_of<T>) {
      throw WeightsError("a tensor of " + std::string(dtype_name(dtype)) + " read as " +
                         std::string(dtype_name(dtype_of<T>)));
    }
    std::vector<T> copy(numel());
    if (!bytes.empty()) std::memcpy(copy.data(), bytes.data(), bytes.size());
    return copy;
  }
};

template <class T>
TensorData TensorData::of(std::span<const T> values, std::vector<std::int64_t> shape) {
  if (element_count(shape) != values.size()) {
    throw WeightsError(std::to_string(values.size()) + " values do not fill the shape " + shape_text(shape));
  }
  const auto bytes = std::as_bytes(values);
  auto copy = std::make_shared<const std::vector<std::byte>>(bytes.begin(), bytes.end());
  const std::span<const std::byte> view = *copy;
  return {.dtype = dtype_of<T>, .shape = std::move(shape), .bytes = view, .owner = std::move(copy)};
}

/// Named tensors in the order in which they were added, and what else a weights file says. Copying one copies no
/// values.
class StateDict {
 public:
  using Entry = std::pair<std::string, TensorData>;

  std::map<std::string, std::string> metadata;
  std::filesystem::path source;    ///< the file it was read from; names the culprit in errors
  std::vector<std::string> notes;  ///< how it was read and what was made of it since, for the LoadReport

  /// The same without tensors: what a step that makes other tensors of these starts from.
  StateDict emptied() const {
    StateDict state;
    state.metadata = metadata;
    state.source = source;
    state.notes = notes;
    return state;
  }

  /// \throws WeightsError when there is a tensor of that name, or its bytes do not fill its shape
  void add(std::string name, TensorData tensor) {
    const auto count = element_count(tensor.shape);
    const std::size_t size = element_size(tensor.dtype);
    if (!count || *count > std::numeric_limits<std::size_t>::max() / size || *count * size != tensor.bytes.size()) {
      throw WeightsError(source, name,
                         std::to_string(tensor.bytes.size()) + " bytes are not those of a tensor of shape " +
                             shape_text(tensor.shape) + " and type " + std::string(dtype_name(tensor.dtype)));
    }
    if (!index_.try_emplace(name, entries_.size()).second) throw WeightsError(source, name, "there are two of it");
    entries_.emplace_back(std::move(name), std::move(tensor));
  }

  /// The tensor called `name`, null when there is none. O(1).
  const TensorData* find(std::string_view name) const {
    const auto found = index_.find(name);
    return found == index_.end() ? nullptr : &entries_[found->second].second;
  }
  bool contains(std::string_view name) const { return find(name) != nullptr; }

  /// \throws WeightsError when there is no tensor of that name
  const TensorData& at(std::string_view name) const {
    if (const auto* tensor = find(name)) return *tensor;
    throw WeightsError(source, name, "there is no such tensor among the " + std::to_string(size()) + " of the file");
  }

  std::size_t size() const { return entries_.size(); }
  bool empty() const { return entries_.empty(); }
  auto begin() const { return entries_.begin(); }
  auto end() const { return entries_.end(); }

 private:
  struct Hash : std::hash<std::string_view> {
    using is_transparent = void;
  };

  std::vector<Entry> entries_;
  std::unordered_map<std::string, std::size_t, Hash, std::equal_to<>> index_;
};

}  // namespace tagger
