#pragma once

#include <algorithm>
#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <span>
#include <utility>
#include <vector>

namespace tagger {

/// The entries of a slice that have one score: how many of them are a yes, and how many a no.
struct Tie {
  float score = 0;
  std::int64_t yes = 0;
  std::int64_t no = 0;
};

/// The known entries of a slice (a label, a picture, or everything) as a metric of scores sees them: by score, the best
/// first, those of equal score together. The order in which they came can so not matter; no tie is empty.
using ScoredSlice = std::span<const Tie>;

namespace detail {

/// Larger scores have smaller keys.
inline std::uint32_t descending_key(float score) {
  const auto bits = std::bit_cast<std::uint32_t>(score + 0.0F);  // -0 and 0 are one score
  return bits >> 31 ? bits : ~(bits | 0x80000000U);
}
inline float score_of_key(std::uint32_t key) { return std::bit_cast<float>(key >> 31 ? key : ~key & 0x7FFFFFFFU); }

}  // namespace detail

/// The known entries of a slice, sorted once, so that slices of any weights can be made of them. Eight bytes an entry.
class RankedScores {
 public:
  void clear() { entries_.clear(); }
  void reserve(std::size_t entries) { entries_.reserve(entries); }

  /// \param score    finite
  /// \param picture  below 2^31: the place of its weight
  void add(float score, bool yes, std::int64_t picture) {
    entries_.push_back(std::uint64_t{detail::descending_key(score)} << 32 | static_cast<std::uint64_t>(picture) << 1 |
                       std::uint64_t{yes});
  }

  /// To be called when all have been added. \param scratch  reused from call to call
  void sort(std::vector<std::uint64_t>& scratch) {
    constexpr std::size_t few = 2048;  // below which counting digits is not worth it
    if (entries_.size() < few) {
      std::ranges::sort(entries_);
    } else {
      scratch.resize(entries_.size());
      for (const int shift : {32, 43, 54}) sort_by_digit(shift, scratch);
    }
  }

  /// \param weights  how often each picture counts; empty: once
  /// \param ties     where the slice is made, reused from call to call
  ScoredSlice slice(std::span<const std::uint32_t> weights, std::vector<Tie>& ties) const {
    return weights.empty() ? join_ties(ties, [](std::uint64_t) { return std::int64_t{1}; })
                           : join_ties(ties, [&](std::uint64_t entry) {
                               return std::int64_t{weights[static_cast<std::uint32_t>(entry) >> 1]};
                             });
  }

 private:
  void sort_by_digit(int shift, std::vector<std::uint64_t>& scratch) {
    constexpr std::uint64_t mask = 2047;
    std::array<std::size_t, mask + 1> places{};
    for (const auto entry : entries_) ++places[entry >> shift & mask];
    if (places[entries_.front() >> shift & mask] == entries_.size()) return;  // the same digit everywhere
    std::size_t place = 0;
    for (auto& each : places) place += std::exchange(each, place);
    for (const auto entry : entries_) scratch[places[entry >> shift & mask]++] = entry;
    entries_.swap(scratch);
  }

  template <class Weight>
  ScoredSlice join_ties(std::vector<Tie>& ties, Weight weight) const {
    ties.resize(entries_.size());
    std::size_t count = 0;
    for (std::size_t i = 0; i < entries_.size();) {
      const std::uint64_t key = entries_[i] >> 32;
      std::int64_t yes = 0, all = 0;
      do {
        const std::int64_t often = weight(entries_[i]);
        all += often;
        yes += often & -static_cast<std::int64_t>(entries_[i] & 1);
      } while (++i < entries_.size() && entries_[i] >> 32 == key);
      ties[count] = {detail::score_of_key(static_cast<std::uint32_t>(key)), yes, all - yes};
      count += all > 0;  // without a branch: whether a picture has been drawn cannot be foreseen
    }
    return {ties.data(), count};
  }

  std::vector<std::uint64_t> entries_;
};

}  // namespace tagger
