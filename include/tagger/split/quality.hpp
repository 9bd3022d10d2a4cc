#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <numeric>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include <tagger/data/annotations.hpp>
#include <tagger/split/groups.hpp>
#include <tagger/split/label_sets.hpp>

namespace tagger {

/// Where the pictures that have a label went.
struct LabelShares {
  std::string name;
  std::int64_t pictures = 0;   ///< that have the label
  std::vector<double> shares;  ///< of them, part by part; 0 where none has it
  double deviation = 0;        ///< the largest distance from the share that the part should have; 0 where none has it
};

/// How near a split comes to parts that are alike.
struct SplitQuality {
  std::vector<double> wanted;        ///< the share of each part that was asked for; they add up to 1
  std::vector<double> shares;        ///< of the pictures that each part has
  std::vector<LabelShares> labels;   ///< the largest deviation first; of equals, that of most pictures
  double label_distribution = 0;     ///< LD: mean distance of a label's odds in a part from those in the whole
  double pair_distribution = 0;      ///< LPD: the same of the pairs of labels that some picture has
  double examples_distribution = 0;  ///< ED: mean distance of a part's pictures from those it should have
};

namespace detail {

/// \param counts  (sets * parts)
/// \param sizes   (parts): pictures
inline double mean_odds_distance(const std::vector<std::int64_t>& counts, const std::vector<std::int64_t>& sizes,
                                 const std::vector<std::int64_t>& totals, std::int64_t pictures) {
  const auto odds = [](std::int64_t yes, std::int64_t of) {
    return static_cast<double>(yes) / static_cast<double>(std::max<std::int64_t>(of - yes, 1));
  };
  double sum = 0;
  std::size_t sets = 0;
  for (std::size_t set = 0; set < totals.size(); ++set) {
    if (totals[set] == 0) continue;
    ++sets;
    for (std::size_t part = 0; part < sizes.size(); ++part) {
      sum += std::abs(odds(counts[set * sizes.size() + part], sizes[part]) - odds(totals[set], pictures));
    }
  }
  return sets == 0 ? 0 : sum / static_cast<double>(sets * sizes.size());
}

}  // namespace detail

/// Measures a split by the shares of each label, and by the measures of Sechidis et al. 2011 (LD and ED, equations 1
/// and 2) and of Szymanski and Kajdanowicz 2017 (LPD). Only a yes counts. Labels and pairs that no picture has are left
/// out of the means; where every picture has one, the odds take the missing no's as one.
/// \param parts   (N): of each picture, as parts_of() gives them
/// \param shares  of the parts, in any unit
inline SplitQuality split_quality(const Annotations& annotations, const std::vector<std::size_t>& parts,
                                  const std::vector<double>& shares) {
  const std::size_t count = shares.size(), labels = annotations.labels().size();
  const auto pictures = static_cast<std::int64_t>(annotations.size());
  const detail::LabelSets sets(annotations, Groups(annotations.size()), /*pairs=*/true);
  std::vector<std::int64_t> sizes(count), counts(sets.size() * count), totals(sets.size());
  for (std::size_t i = 0; i < parts.size(); ++i) {
    ++sizes.at(parts[i]);
    for (const auto& each : sets.of(i)) ++counts[each.set * count + parts[i]];
  }
  for (std::size_t set = 0; set < sets.size(); ++set) totals[set] = sets.total(set);

  SplitQuality quality;
  const double total = std::accumulate(shares.begin(), shares.end(), 0.0);
  for (std::size_t part = 0; part < count; ++part) {
    quality.wanted.push_back(shares[part] / total);
    quality.shares.push_back(static_cast<double>(sizes[part]) / static_cast<double>(pictures));
    quality.examples_distribution += std::abs(quality.shares[part] - quality.wanted[part]) *
                                     static_cast<double>(pictures) / static_cast<double>(count);
  }
  for (std::size_t label = 0; label < labels; ++label) {
    LabelShares row{.name = annotations.labels()[label], .pictures = totals[label], .shares = {}};
    for (std::size_t part = 0; part < count; ++part) {
      const double share = totals[label] == 0
                               ? 0
                               : static_cast<double>(counts[label * count + part]) / static_cast<double>(totals[label]);
      row.shares.push_back(share);
      if (totals[label] > 0) row.deviation = std::max(row.deviation, std::abs(share - quality.wanted[part]));
    }
    quality.labels.push_back(std::move(row));
  }
  std::sort(quality.labels.begin(), quality.labels.end(), [](const LabelShares& a, const LabelShares& b) {
    return std::tie(b.deviation, b.pictures, a.name) < std::tie(a.deviation, a.pictures, b.name);
  });
  const auto cut = [&](std::size_t begin, std::size_t end) {
    const auto at = [](const auto& values, std::size_t i) { return values.begin() + static_cast<std::ptrdiff_t>(i); };
    return detail::mean_odds_distance({at(counts, begin * count), at(counts, end * count)}, sizes,
                                      {at(totals, begin), at(totals, end)}, pictures);
  };
  quality.label_distribution = cut(0, labels);
  quality.pair_distribution = cut(labels, sets.size());
  return quality;
}

}  // namespace tagger
