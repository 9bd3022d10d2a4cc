#pragma once

#include <algorithm>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <iterator>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include <tagger/error.hpp>

namespace tagger {

namespace detail {

/// Scores in their order as whole numbers from 0 to 2^33. Nearby numbers are nearby scores: relative to the distance
/// from 0 for those up to 0.5, to the distance from 1 for those from 0.5 to 1, as a logit has it; no two scores have
/// the same number.
inline std::int64_t score_key(float score) {
  const auto bits = [](float value) { return static_cast<std::int64_t>(std::bit_cast<std::uint32_t>(value)); };
  constexpr std::int64_t zero = std::int64_t{1} << 32, half = 0x3F000000, one = 0x3F800000;  // bits of 0.5 and 1
  if (score < 0) return zero - bits(-score);
  if (score <= 0.5F) return zero + bits(score + 0.0F);  // -0 is 0
  if (score <= 1) return zero + 2 * half - bits(1 - score);
  return zero + 2 * half + bits(score) - one;
}

}  // namespace detail

/// The known entries of a slice (a label, or everything) in bounded memory, whatever their number: how many of each
/// score are a yes and how many a no. Up to `capacity` different scores are kept as they are. Where there are more, all
/// lose as many of the last bits of their keys as bring them down to `capacity` bins, so that scores of one bin can not
/// be told apart any more. What is left is a function of the entries alone, not of their order: a sketch merged from
/// shards equals the sketch of all.
class ScoreSketch {
 public:
  /// Entries whose scores are the same in all but the last `dropped_bits()` bits of their keys.
  struct Bin {
    std::int64_t key = 0;  ///< without those bits
    std::int64_t yes = 0;
    std::int64_t no = 0;

    bool operator==(const Bin&) const = default;
  };

  /// 24 bytes a bin. \throws OptionError for a capacity of 0
  explicit ScoreSketch(std::size_t capacity = 512) : capacity_(capacity) {
    if (capacity == 0) throw OptionError("a sketch of scores needs a capacity of one at least");
  }

  /// \param score  finite
  void add(float score, bool yes) {
    const std::int64_t key = detail::score_key(score) >> dropped_bits_;
    auto place = std::ranges::lower_bound(bins_, key, {}, &Bin::key);
    const bool is_new = place == bins_.end() || place->key != key;
    if (is_new) {
      const auto offset = place - bins_.begin();
      if (bins_.size() == bins_.capacity()) bins_.reserve(std::min(2 * bins_.size() + 1, capacity_ + 1));
      place = bins_.insert(bins_.begin() + offset, {.key = key});
    }
    place->yes += yes;
    place->no += !yes;
    if (is_new) fit();
  }

  /// \throws DataError when the capacities differ
  void merge(const ScoreSketch& other) {
    if (other.capacity_ != capacity_) {
      throw DataError("sketches of capacities " + std::to_string(capacity_) + " and " +
                      std::to_string(other.capacity_) + " cannot be merged");
    }
    const int dropped = std::max(dropped_bits_, other.dropped_bits_);
    std::vector<Bin> theirs = other.bins_, both;
    drop(theirs, dropped - other.dropped_bits_);
    drop(bins_, dropped - dropped_bits_);
    std::ranges::merge(bins_, theirs, std::back_inserter(both), {}, &Bin::key, &Bin::key);
    bins_.swap(both);
    dropped_bits_ = dropped;
    drop(bins_, 0);  // joins those of the same key
    fit();
  }

  /// Every score is known: what is computed of it is exact.
  bool is_exact() const { return dropped_bits_ == 0; }
  int dropped_bits() const { return dropped_bits_; }
  std::size_t capacity() const { return capacity_; }

  /// The lowest scores first; none is empty.
  std::span<const Bin> bins() const { return bins_; }

  bool operator==(const ScoreSketch&) const = default;

 private:
  void fit() {
    while (bins_.size() > capacity_) {
      drop(bins_, 1);
      ++dropped_bits_;
    }
  }

  /// Takes bits from the keys of sorted bins, and joins those whose keys are then the same.
  static void drop(std::vector<Bin>& bins, int bits) {
    std::size_t count = 0;
    for (const Bin& bin : bins) {
      const Bin coarser{.key = bin.key >> bits, .yes = bin.yes, .no = bin.no};
      if (count > 0 && bins[count - 1].key == coarser.key) {
        bins[count - 1].yes += coarser.yes;
        bins[count - 1].no += coarser.no;
      } else {
        bins[count++] = coarser;
      }
    }
    bins.resize(count);
  }

  std::size_t capacity_;
  int dropped_bits_ = 0;
  std::vector<Bin> bins_;
};

}  // namespace tagger
