#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <numeric>
#include <string>
#include <utility>
#include <vector>

#include <tagger/configurable.hpp>
#include <tagger/data/annotations.hpp>
#include <tagger/error.hpp>
#include <tagger/split/concept.hpp>
#include <tagger/split/first.hpp>
#include <tagger/split/groups.hpp>

namespace tagger {

/// The part of each picture: (N).
/// \param shares  of the parts, in any unit: {5, 1}, {0.8, 0.1, 0.1}
/// \throws OptionError when the shares are no shares, the groups are of other pictures, or a part would be empty
template <Splitter S>
std::vector<std::size_t> parts_of(const Annotations& annotations, const S& splitter, const std::vector<double>& shares,
                                  const Groups& groups) {
  const double total = std::accumulate(shares.begin(), shares.end(), 0.0);
  const auto pictures = static_cast<double>(annotations.size());
  std::string split = std::to_string(annotations.size()) + " samples";
  if (groups.size() != annotations.size()) split += " in " + std::to_string(groups.size()) + " groups";
  split += " cannot be split ";
  std::vector<double> sizes;
  for (const double share : shares) {
    split += (sizes.empty() ? "" : " : ") + detail::number_text(share);
    sizes.push_back(pictures * share / total);
  }
  const auto refuse = [&](const std::string& why) { throw OptionError(annotations.source(), "", split + "; " + why); };
  if (!std::isfinite(total) || std::any_of(shares.begin(), shares.end(), [](double share) { return !(share >= 0); })) {
    refuse("shares are numbers that are not negative");
  }
  if (groups.pictures() != annotations.size()) {
    refuse("the groups are of " + std::to_string(groups.pictures()) + " pictures");
  }
  std::vector<std::size_t> parts(annotations.size());
  std::vector<bool> filled(shares.size());
  if (total > 0) {
    const auto part_of_group = splitter(annotations, groups, sizes);
    for (std::size_t group = 0; group < groups.size(); ++group) {
      filled.at(part_of_group.at(group)) = true;
      for (const std::size_t picture : groups.members(group)) parts[picture] = part_of_group[group];
    }
  }
  if (shares.empty() || std::find(filled.begin(), filled.end(), false) != filled.end()) {
    refuse(shares.size() == 2 ? "both parts need one at least" : "every part needs one at least");
  }
  return parts;
}

/// The pictures i for which `chosen(i)` is true, in their order. \throws DataError when there are none
inline Annotations select_samples(const Annotations& annotations, auto&& chosen) {
  std::vector<Sample> samples;
  for (std::size_t i = 0; i < annotations.size(); ++i) {
    if (chosen(i)) samples.push_back(annotations.samples()[i]);
  }
  return {annotations.labels(), std::move(samples), annotations.source()};
}

/// Cuts a set into parts of the `shares`, each with its pictures in the set's order:
/// `split(all, StratifiedSplit{}, {5, 1})`. \throws OptionError as parts_of()
template <Splitter S>
std::vector<Annotations> split(const Annotations& annotations, const S& splitter, const std::vector<double>& shares,
                               const Groups& groups) {
  const auto parts = parts_of(annotations, splitter, shares, groups);
  std::vector<Annotations> result;
  for (std::size_t part = 0; part < shares.size(); ++part) {
    result.push_back(select_samples(annotations, [&](std::size_t i) { return parts[i] == part; }));
  }
  return result;
}

/// The same, each picture for itself.
template <Splitter S>
std::vector<Annotations> split(const Annotations& annotations, const S& splitter, const std::vector<double>& shares) {
  return split(annotations, splitter, shares, Groups(annotations.size()));
}

struct Split {
  Annotations train;
  Annotations test;
};

/// Cuts the samples in two, in their order: the first N * train_parts / (train_parts + test_parts) of the N samples,
/// rounded down, are to train, the rest to test. 6,000 samples give the tutorial's 5,000 + 1,000.
/// \throws OptionError when a part would be empty
inline Split split(const Annotations& annotations, std::size_t train_parts = 5, std::size_t test_parts = 1) {
  auto parts = split(annotations, FirstSplit{}, {static_cast<double>(train_parts), static_cast<double>(test_parts)});
  return {std::move(parts[0]), std::move(parts[1])};
}

/// Cross-validation: `count` times a part to test and all others to train, each picture once to test.
/// \throws OptionError as parts_of()
template <Splitter S>
std::vector<Split> folds(const Annotations& annotations, const S& splitter, std::size_t count, const Groups& groups) {
  const auto parts = parts_of(annotations, splitter, std::vector(count, 1.0), groups);
  std::vector<Split> result;
  for (std::size_t part = 0; part < count; ++part) {
    result.push_back({select_samples(annotations, [&](std::size_t i) { return parts[i] != part; }),
                      select_samples(annotations, [&](std::size_t i) { return parts[i] == part; })});
  }
  return result;
}

/// The same, each picture for itself.
template <Splitter S>
std::vector<Split> folds(const Annotations& annotations, const S& splitter, std::size_t count) {
  return folds(annotations, splitter, count, Groups(annotations.size()));
}

}  // namespace tagger
