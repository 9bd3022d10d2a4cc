#pragma once

#include <array>
#include <cstdint>
#include <limits>
#include <numeric>
#include <utility>
#include <vector>

namespace tagger {

/// Counter-based generator: the n-th number is a pure function of (seed, epoch, index, n), so that a picture gets the
/// same augmentation whichever thread draws it, and a resumed run continues as if it had never stopped.
/// Philox4x32-10 (Salmon et al., "Parallel random numbers: as easy as 1, 2, 3", SC 2011).
/// Models: std::uniform_random_bit_generator.
class Random {
 public:
  using result_type = std::uint32_t;

  Random(std::uint64_t seed, std::uint64_t epoch, std::uint64_t index)
      : key_{low(seed), high(seed)}, counter_{0, low(epoch), low(index), high(index)} {}

  static constexpr result_type min() { return 0; }
  static constexpr result_type max() { return std::numeric_limits<result_type>::max(); }

  result_type operator()() {
    if (used_ == block_.size()) {
      block_ = philox(counter_, key_);
      ++counter_[0];
      used_ = 0;
    }
    return block_[used_++];
  }

  std::uint64_t bits64() {
    const std::uint64_t upper = (*this)();
    return upper << 32 | (*this)();
  }

  /// Uniform in [0, 1), with 53 random bits.
  double uniform() { return static_cast<double>(bits64() >> 11) * 0x1.0p-53; }

  /// Uniform in [low, high).
  double uniform(double low, double high) { return low + (high - low) * uniform(); }

  /// Uniform integer in [0, n), without bias; n > 0.
  std::uint64_t below(std::uint64_t n) {
    const std::uint64_t accept =
        std::numeric_limits<std::uint64_t>::max() - std::numeric_limits<std::uint64_t>::max() % n;
    std::uint64_t draw = bits64();
    while (draw >= accept) draw = bits64();
    return draw % n;
  }

  bool chance(double probability) { return uniform() < probability; }

 private:
  using Block = std::array<std::uint32_t, 4>;
  using Key = std::array<std::uint32_t, 2>;

  static constexpr std::uint32_t low(std::uint64_t value) { return static_cast<std::uint32_t>(value); }
  static constexpr std::uint32_t high(std::uint64_t value) { return static_cast<std::uint32_t>(value >> 32); }

  static constexpr Block philox(Block counter, Key key) {
    for (int round = 0; round < 10; ++round) {
      const std::uint64_t a = std::uint64_t{0xD2511F53} * counter[0];
      const std::uint64_t b = std::uint64_t{0xCD9E8D57} * counter[2];
      counter = {high(b) ^ counter[1] ^ key[0], low(b), high(a) ^ counter[3] ^ key[1], low(a)};
      key[0] += 0x9E3779B9;
      key[1] += 0xBB67AE85;
    }
    return counter;
  }

  Key key_;
  Block counter_;
  Block block_{};
  std::size_t used_ = 4;
};

/// Puts `values` into a random order (Fisher and Yates).
inline void shuffle(std::vector<std::int64_t>& values, Random& random) {
  for (std::size_t i = values.size(); i > 1; --i) std::swap(values[i - 1], values[random.below(i)]);
}

/// 0 ... n - 1 in a random order that is a function of (seed, epoch) alone.
inline std::vector<std::int64_t> permutation(std::int64_t n, std::uint64_t seed, std::uint64_t epoch) {
  std::vector<std::int64_t> order(static_cast<std::size_t>(n));
  std::iota(order.begin(), order.end(), std::int64_t{0});
  Random random{seed, epoch, std::numeric_limits<std::uint64_t>::max()};
  shuffle(order, random);
  return order;
}

}  // namespace tagger
