#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <iterator>
#include <string>
#include <string_view>
#include <unordered_map>
#include <unordered_set>
#include <utility>
#include <vector>

#include <tagger/closest_name.hpp>
#include <tagger/data/annotations.hpp>
#include <tagger/data/distribution.hpp>
#include <tagger/error.hpp>
#include <tagger/random.hpp>

namespace tagger {

/// The same samples with the labels `names` alone, in that order (which becomes that of the matrices' columns); samples
/// that have none of them are left out, as in the tutorial. A sample with an unknown one but no certain one is left out
/// too.
/// \throws OptionError for a name that is not a label; DataError when no sample remains
inline Annotations select_labels(const Annotations& annotations, const std::vector<std::string>& names) {
  constexpr std::int32_t dropped = -1;
  const auto& labels = annotations.labels();
  std::unordered_map<std::string_view, std::size_t> index;
  for (std::size_t i = 0; i < labels.size(); ++i) index.emplace(labels[i], i);
  std::vector<std::int32_t> renumbered(labels.size(), dropped);
  for (std::size_t i = 0; i < names.size(); ++i) {
    const auto found = index.find(names[i]);
    if (found == index.end()) {
      throw OptionError(annotations.source(), "", unknown_name_message("label", names[i], labels));
    }
    renumbered[found->second] = static_cast<std::int32_t>(i);
  }
  const auto kept = [&](const std::vector<std::int32_t>& indices) {
    std::vector<std::int32_t> result;
    for (const std::int32_t index : indices) {
      if (const auto target = renumbered[static_cast<std::size_t>(index)]; target != dropped) result.push_back(target);
    }
    return result;
  };
  std::vector<Sample> samples;
  for (const Sample& sample : annotations.samples()) {
    auto yes = kept(sample.yes);
    if (yes.empty()) continue;
    samples.push_back({sample.image_name, std::move(yes), kept(sample.unknown), kept(sample.no), sample.rest});
  }
  return {names, std::move(samples), annotations.source()};
}

/// The same samples with their `count` most frequent labels alone, in their order in `labels`; of equally frequent ones
/// that which comes first in `labels` is the more frequent. Samples that have none of them are left out.
/// \throws OptionError when there are not so many labels, or `count` is 0
inline Annotations most_frequent_labels(const Annotations& annotations, std::size_t count) {
  const auto& labels = annotations.labels();
  if (count == 0 || count > labels.size()) {
    throw OptionError(annotations.source(), "",
                      "the " + std::to_string(count) + " most frequent labels were asked for; there are " +
                          std::to_string(labels.size()));
  }
  auto distribution = label_distribution(annotations);
  distribution.resize(count);
  std::unordered_set<std::string_view> frequent;
  for (const LabelCount& label : distribution) frequent.insert(label.name);
  std::vector<std::string> names;
  std::copy_if(labels.begin(), labels.end(), std::back_inserter(names),
               [&](const std::string& label) { return frequent.contains(label); });
  return select_labels(annotations, names);
}

/// The first `count` samples, or all where there are fewer. \throws DataError when `count` is 0
inline Annotations first_samples(const Annotations& annotations, std::size_t count) {
  const auto& samples = annotations.samples();
  const auto end = samples.begin() + static_cast<std::ptrdiff_t>(std::min(count, samples.size()));
  return {annotations.labels(), {samples.begin(), end}, annotations.source()};
}

/// The samples in a random order that is a function of `seed` alone.
inline Annotations shuffle_samples(const Annotations& annotations, std::uint64_t seed) {
  std::vector<Sample> samples;
  samples.reserve(annotations.size());
  for (const std::int64_t i : permutation(std::ssize(annotations.samples()), seed, 0)) {
    samples.push_back(annotations.samples()[static_cast<std::size_t>(i)]);
  }
  return {annotations.labels(), std::move(samples), annotations.source()};
}

}  // namespace tagger
