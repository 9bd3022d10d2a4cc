#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include <tagger/mapped_file.hpp>
#include <tagger/weights/pickle.hpp>
#include <tagger/weights/state_dict.hpp>

namespace tagger::detail {

/// Where a training checkpoint keeps the network among other things, in the order in which we look: averaged weights
/// first, because the published figures are theirs.
inline constexpr std::array<std::string_view, 9> state_dict_keys{
    "state_dict_ema", "model_ema", "ema", "state_dict", "model_state_dict", "model", "model_state", "net", "network"};

inline constexpr std::string_view save_advice =
    "If you trust the file, load it in Python and save model.state_dict() alone";

/// Copies the elements of a strided tensor one after the other. \param source  at the tensor's first element
template <std::size_t size>
void copy_strided(const std::byte* source, std::byte* target, std::span<const std::int64_t> shape,
                  std::span<const std::int64_t> stride) {
  std::vector<std::int64_t> index(shape.size(), 0);
  std::int64_t offset = 0;
  for (;;) {
    std::memcpy(target, source + offset * static_cast<std::int64_t>(size), size);
    target += size;
    std::size_t axis = shape.size();
    for (;;) {  // the next index, the last axis fastest
      if (axis == 0) return;
      --axis;
      offset += stride[axis];
      if (++index[axis] < shape[axis]) break;
      offset -= stride[axis] * shape[axis];
      index[axis] = 0;
    }
  }
}

/// Turns the values of a pickle into a StateDict. Every size, offset and stride is checked against the storage.
class PyTorchState {
 public:
  using Load = std::function<SharedBytes(const std::string& key, std::size_t element_size)>;

  /// \param load  gives the elements of the storage called `key` in our byte order; called once for each that the state
  /// dict needs
  PyTorchState(std::filesystem::path file, const Pickle& pickle, Load load)
      : file_(std::move(file)), pickle_(pickle), load_(std::move(load)) {}

  /// \throws WeightsError
  StateDict read(PickleId root) {
    StateDict state;
    state.source = file_;
    for (const auto& [key, value] : state_dict(root, state.notes).items) {
      const auto* name = pickle_.as<std::string>(key);
      if (const auto* foreign = pickle_.as<PickleForeign>(value)) {
        throw WeightsError(file_, name ? *name : "",
                           "it is made by " + foreign->name + ", which is not run, as nothing is that a file names. " +
                               std::string(save_advice));
      }
      const auto* tensor = pickle_.as<PickledTensor>(value);
      if (tensor == nullptr) continue;
      if (name == nullptr) throw WeightsError(file_, "", "a tensor is named by " + pickle_.kind(key));
      state.add(*name, build(*name, *tensor));
    }
    note_foreign(state.notes);
    return state;
  }

 private:
  void note_foreign(std::vector<std::string>& notes) const {
    constexpr std::size_t shown = 5;
    std::set<std::string_view> names;
    for (const auto& value : pickle_.values()) {
      if (const auto* foreign = std::get_if<PickleForeign>(&value)) names.insert(foreign->name);
    }
    if (names.empty()) return;
    std::string note = "passed over, not run:";
    std::size_t count = 0;
    for (const auto name : names) {
      if (count++ < shown) note.append(count == 1 ? " " : ", ").append(name);
    }
    if (count > shown) note += " and " + std::to_string(count - shown) + " more";
    notes.push_back(std::move(note));
  }
  /// The dict of tensors at the root or under the first of the state_dict_keys, level by level; `notes` say under
  /// which.
  const PickleDict& state_dict(PickleId root, std::vector<std::string>& notes) const {
    for (int depth = 0; depth < 4; ++depth) {
      const auto* dict = pickle_.as<PickleDict>(root);
      if (dict == nullptr) {
        throw WeightsError(file_, "",
                           "it holds " + pickle_.kind(root) + ", not a state dict. " + std::string(save_advice));
      }
      const auto nested = nested_state_dicts(*dict);
      if (nested.empty()) {
        if (holds_tensors(*dict)) return *dict;
        break;
      }
      std::string note = "read from the checkpoint's " + std::string(nested.front().first);
      for (std::size_t i = 1; i < nested.size(); ++i) {
        note.append(i == 1 ? ", not its " : ", ").append(nested[i].first);
      }
      notes.push_back(std::move(note));
      root = nested.front().second;
    }
    std::string keys;
    if (const auto* dict = pickle_.as<PickleDict>(root)) {
      for (const auto& [key, value] : dict->items) {
        const auto* name = pickle_.as<std::string>(key);
        if (name == nullptr || keys.size() >= 200) continue;
        keys += " \"" + *name + '"';
        if (pickle_.as<PickleForeign>(value)) keys += " (" + pickle_.kind(value) + ')';
      }
    }
    std::string message = "no tensors were found in it, neither at the top nor under";
    for (const auto key : state_dict_keys) message += ' ' + std::string(key);
    throw WeightsError(file_, "", message + "; its keys are:" + (keys.empty() ? " none" : keys));
  }
  /// What of `dict` stands under one of state_dict_keys and leads to tensors, in their order.
  std::vector<std::pair<std::string_view, PickleId>> nested_state_dicts(const PickleDict& dict) const {
    std::vector<std::pair<std::string_view, PickleId>> found;
    for (const auto wanted : state_dict_keys) {
      for (const auto& [key, value] : dict.items) {
        const auto* name = pickle_.as<std::string>(key);
        if (name && *name == wanted && leads_to_tensors(value)) found.emplace_back(wanted, value);
      }
    }
    return found;
  }
  bool leads_to_tensors(PickleId id) const {
    const auto* dict = pickle_.as<PickleDict>(id);
    if (dict == nullptr) return false;
    if (holds_tensors(*dict)) return true;
    for (const auto& [key, value] : dict->items) {
      const auto* name = pickle_.as<std::string>(key);
      const auto* nested = pickle_.as<PickleDict>(value);
      if (name && nested && holds_tensors(*nested) && is_state_dict_key(*name)) return true;
    }
    return false;
  }
  static bool is_state_dict_key(std::string_view name) {
    return std::find(state_dict_keys.begin(), state_dict_keys.end(), name) != state_dict_keys.end();
  }
  bool holds_tensors(const PickleDict& dict) const {
    for (const auto& [key, value] : dict.items) {
      if (pickle_.as<PickledTensor>(value)) return true;
    }
    return false;
  }

  std::vector<std::int64_t> numbers(const std::string& name, PickleId id) const {
    std::vector<std::int64_t> result;
    for (const PickleId item : pickle_.as<PickleTuple>(id)->items) {
      const auto* number = pickle_.as<std::int64_t>(item);
      if (number == nullptr || *number < 0 || result.size() == 16) {
        throw WeightsError(file_, name, "its shape or strides are not up to 16 numbers from 0 on");
      }
      result.push_back(*number);
    }
    return result;
  }

  TensorData build(const std::string& name, const PickledTensor& tensor) {
    const auto& storage = *pickle_.as<PickledStorage>(tensor.storage);
    auto shape = numbers(name, tensor.shape);
    auto stride = numbers(name, tensor.stride);
    const auto refuse = [&](std::string_view why) {
      throw WeightsError(file_, name,
                         "shape " + shape_text(shape) + ", strides " + shape_text(stride) + ", offset " +
                             std::to_string(tensor.offset) + ": " + std::string(why));
    };
    if (shape.size() != stride.size()) refuse("there are not as many strides as sizes");
    if (tensor.offset < 0) refuse("a negative offset");
    const auto count = element_count(shape);
    const std::size_t size = element_size(storage.dtype);
    if (!count || *count > SIZE_MAX / size) refuse("more elements than can be counted");
    TensorData result{.dtype = storage.dtype, .shape = {}, .bytes = {}, .owner = {}};
    if (*count > 0) {
      std::int64_t last = tensor.offset;  // the element farthest into the storage
      for (std::size_t i = 0; i < shape.size(); ++i) {
        if (shape[i] == 1) stride[i] = 0;  // never taken, so it may be anything
        std::int64_t reach = 0;
        if (__builtin_mul_overflow(shape[i] - 1, stride[i], &reach) || __builtin_add_overflow(last, reach, &last)) {
          refuse("it passes the end of its storage");
        }
      }
      if (last >= storage.length) {
        refuse("it passes the end of its storage of " + std::to_string(storage.length) + " elements");
      }
      const auto& loaded = elements(name, storage);
      const auto from = loaded.bytes.subspan(static_cast<std::size_t>(storage.first + tensor.offset) * size);
      if (contiguous(shape, stride)) {
        result.bytes = from.first(*count * size);
        result.owner = loaded.owner;
      } else {
        copied_ += *count * size;
        if (*count * size > free_copies + 4 * loaded_ || copied_ > free_copies + 4 * loaded_) {
          refuse("it repeats its storage until it fills the memory");
        }
        auto copy = std::make_shared_for_overwrite<std::byte[]>(*count * size);
        switch (size) {
          case 1:
            copy_strided<1>(from.data(), copy.get(), shape, stride);
            break;
          case 2:
            copy_strided<2>(from.data(), copy.get(), shape, stride);
            break;
          case 4:
            copy_strided<4>(from.data(), copy.get(), shape, stride);
            break;
          default:
            copy_strided<8>(from.data(), copy.get(), shape, stride);
        }
        result.bytes = {copy.get(), *count * size};
        result.owner = std::move(copy);
      }
    }
    result.shape = std::move(shape);
    return result;
  }

  const SharedBytes& elements(const std::string& name, const PickledStorage& storage) {
    const auto& key = *pickle_.as<std::string>(storage.key);
    const std::size_t size = element_size(storage.dtype);
    if (static_cast<std::uint64_t>(storage.count) > SIZE_MAX / size) {
      throw WeightsError(file_, name, "its storage has more elements than can be counted");
    }
    const std::size_t wanted = static_cast<std::size_t>(storage.count) * size;
    auto found = storages_.find(key);
    if (found == storages_.end()) {
      found = storages_.emplace(key, load_(key, size)).first;
      loaded_ += found->second.bytes.size();
    }
    if (found->second.bytes.size() != wanted) {
      throw WeightsError(file_, name,
                         "its storage \"" + key + "\" has " + std::to_string(found->second.bytes.size()) +
                             " bytes, not " + std::to_string(wanted));
    }
    return found->second;
  }

  static bool contiguous(std::span<const std::int64_t> shape, std::span<const std::int64_t> stride) {
    std::int64_t expected = 1;
    for (std::size_t i = shape.size(); i-- > 0;) {
      if (shape[i] != 1 && stride[i] != expected) return false;
      expected *= shape[i];
    }
    return true;
  }

  static constexpr std::uint64_t free_copies = std::uint64_t{1} << 20;

  std::filesystem::path file_;
  const Pickle& pickle_;
  Load load_;
  std::map<std::string, SharedBytes> storages_;
  std::uint64_t loaded_ = 0, copied_ = 0;  ///< bytes
};

}  // namespace tagger::detail
