#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string_view>
#include <utility>
#include <vector>

namespace tagger::detail {

/// Finds the number of a name among up to 2^32 - 1, without a copy of any: whoever holds the names says them. Open
/// addressing, so that a look-up among millions touches one place in memory, mostly. 8 to 16 bytes a name.
class NameTable {
 public:
  /// \param names  so many are expected
  explicit NameTable(std::size_t names = 0) {
    std::size_t capacity = 16;
    while (capacity / 2 < names) capacity *= 2;
    slots_.resize(capacity);
  }

  /// The number of `name`; where it has none yet it gets `number`, and the second is true.
  /// \param name_of  (number) -> std::string_view
  std::pair<std::uint32_t, bool> insert(std::string_view name, std::uint32_t number, auto&& name_of) {
    if (2 * (count_ + 1) > slots_.size()) grow();
    const auto hash = static_cast<std::uint32_t>(std::hash<std::string_view>{}(name));
    for (std::size_t at = hash & (slots_.size() - 1);; at = (at + 1) & (slots_.size() - 1)) {
      Slot& slot = slots_[at];
      if (slot.number == none) {
        slot = {hash, number};
        ++count_;
        return {number, true};
      }
      if (slot.hash == hash && name_of(slot.number) == name) return {slot.number, false};
    }
  }

 private:
  static constexpr std::uint32_t none = -1;
  struct Slot {
    std::uint32_t hash = 0;
    std::uint32_t number = none;
  };

  void grow() {
    std::vector<Slot> old(2 * slots_.size());
    old.swap(slots_);
    for (const Slot& slot : old) {
      if (slot.number == none) continue;
      std::size_t at = slot.hash & (slots_.size() - 1);
      while (slots_[at].number != none) at = (at + 1) & (slots_.size() - 1);
      slots_[at] = slot;
    }
  }

  std::vector<Slot> slots_;  // a power of two, at most half of them taken
  std::size_t count_ = 0;
};

}  // namespace tagger::detail
