#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include <tagger/weights/state_dict.hpp>

namespace tagger::detail {

/// A value's place among the values of a Pickle. Places instead of pointers: a pickle may hold itself, and nesting as
/// deep as the file is long neither recurses nor leaks.
using PickleId = std::uint32_t;

/// A name that a pickle may call or refer to; nothing is ever called, each has a fixed meaning here.
struct PickleGlobal {
  enum class Kind { dictionary, size, tensor, parameter, storage, inert };
  Kind kind = Kind::inert;
  DType dtype = DType::float32;  ///< of a storage
};

/// A run of elements in the file: `length` of them from `first` on, of the `count` stored under `key`.
struct PickledStorage {
  DType dtype = DType::float32;
  PickleId key = 0;
  std::int64_t count = 0;
  std::int64_t first = 0;
  std::int64_t length = 0;
};

/// What _rebuild_tensor_v2 was asked for. Nothing is checked yet.
struct PickledTensor {
  PickleId storage = 0;
  std::int64_t offset = 0;  ///< in elements, as the strides
  PickleId shape = 0;
  PickleId stride = 0;
};

struct PickleTuple {
  std::vector<PickleId> items;
};
struct PickleList {
  std::vector<PickleId> items;
};
struct PickleDict {
  std::vector<std::pair<PickleId, PickleId>> items;
};

/// None, a truth value, a float, bytes, a device: of no use to us and without effect.
struct PickleInert {};

/// A name that is none of ours, or what calling it would have made: it stays in its place as this mark and nothing is
/// done with it. What training wrote beside the weights (an argparse.Namespace, NumPy's numbers) becomes this.
struct PickleForeign {
  std::string name;  ///< "argparse.Namespace"
};

using PickleValue = std::variant<PickleInert, std::int64_t, std::string, PickleTuple, PickleList, PickleDict,
                                 PickleGlobal, PickledStorage, PickledTensor, PickleForeign>;

/// The values of one or more pickles.
class Pickle {
 public:
  template <class T>
  PickleId add(T value) {
    values_.emplace_back(std::move(value));
    return static_cast<PickleId>(values_.size() - 1);
  }
  /// The value at `id` if it is a T, else null.
  template <class T>
  const T* as(PickleId id) const {
    return std::get_if<T>(&values_[id]);
  }
  template <class T>
  T* as(PickleId id) {
    return std::get_if<T>(&values_[id]);
  }
  const std::vector<PickleValue>& values() const { return values_; }
  /// What the value at `id` is, in words.
  std::string kind(PickleId id) const {
    if (const auto* foreign = as<PickleForeign>(id)) return "something of " + foreign->name;
    constexpr const char* names[] = {"None, a bool, a float or bytes",
                                     "a number",
                                     "a string",
                                     "a tuple",
                                     "a list",
                                     "a dict",
                                     "a class",
                                     "a storage",
                                     "a tensor"};
    return names[values_[id].index()];
  }

 private:
  std::vector<PickleValue> values_;
};

}  // namespace tagger::detail
