#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_set>
#include <utility>
#include <vector>

#include <tagger/data/annotations.hpp>

namespace tagger {

/// Which pictures something was chosen on, in so few bytes that a run keeps them: enough to notice later that it is to
/// be scored on the same, or on some of them. A bottom-k sketch: the smallest hashes of a set are a random sample of
/// it. Cohen and Kaplan, "Summarizing data using bottom-k sketches", PODC 2007.
struct ChosenOn {
  std::string annotations;            ///< the file that named them
  std::int64_t pictures = 0;          ///< how many there were
  std::vector<std::uint64_t> sketch;  ///< the smallest of their hashes, ascending

  bool operator==(const ChosenOn&) const = default;
};

/// Hashes in a sketch: a set that shares one picture in fifty is noticed with a probability of 99 %.
inline constexpr std::size_t sketch_size = 256;

namespace detail {

constexpr std::uint64_t hash_of(std::string_view text) {  // FNV-1a
  std::uint64_t hash = 0xCBF29CE484222325;
  for (const char c : text) hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001B3;
  return hash;
}

constexpr std::uint64_t mixed(std::uint64_t x) {  // the last step of SplitMix64: every bit depends on every bit
  x = (x ^ (x >> 30)) * 0xBF58476D1CE4E5B9;
  x = (x ^ (x >> 27)) * 0x94D049BB133111EB;
  return x ^ (x >> 31);
}

/// Of each picture: its name and the names of the labels that it has, in any order.
inline std::vector<std::uint64_t> picture_hashes(const Annotations& annotations) {
  std::vector<std::uint64_t> labels, hashes;
  for (const auto& label : annotations.labels()) labels.push_back(mixed(hash_of(label)));
  hashes.reserve(annotations.size());
  for (const Sample& sample : annotations.samples()) {
    std::uint64_t sum = 0;
    for (const std::int32_t label : sample.yes) sum += labels[static_cast<std::size_t>(label)];
    hashes.push_back(mixed(hash_of(sample.image_name) + mixed(sum)));
  }
  return hashes;
}

}  // namespace detail

inline ChosenOn chosen_on(const Annotations& annotations) {
  std::vector<std::uint64_t> hashes = detail::picture_hashes(annotations);
  std::ranges::sort(hashes);
  hashes.resize(std::min(hashes.size(), sketch_size));
  return {.annotations = annotations.source().string(),
          .pictures = static_cast<std::int64_t>(annotations.size()),
          .sketch = std::move(hashes)};
}

/// How many of the pictures that were chosen on are in `annotations`, with the same labels: exact where the sketch has
/// all of them, else an estimate; never 0 where one of the sketch is.
inline std::int64_t shared_pictures(const ChosenOn& chosen, const Annotations& annotations) {
  if (chosen.sketch.empty()) return 0;
  const std::vector<std::uint64_t> hashes = detail::picture_hashes(annotations);
  const std::unordered_set<std::uint64_t> there(hashes.begin(), hashes.end());
  const auto shared = std::ranges::count_if(chosen.sketch, [&](std::uint64_t hash) { return there.contains(hash); });
  const double share = static_cast<double>(shared) / static_cast<double>(chosen.sketch.size());
  return std::llround(share * static_cast<double>(chosen.pictures));
}

}  // namespace tagger
