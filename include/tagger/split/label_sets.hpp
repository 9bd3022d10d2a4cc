#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <unordered_map>
#include <vector>

#include <tagger/data/annotations.hpp>
#include <tagger/split/groups.hpp>

namespace tagger::detail {

/// How often each label, and each pair of labels where pairs are asked for, occurs in each group of pictures. They are
/// numbered: 0 to K - 1 are the labels, further on are the pairs that some picture has.
class LabelSets {
 public:
  struct Count {
    std::size_t set;
    std::int64_t pictures;
  };

  LabelSets(const Annotations& annotations, const Groups& groups, bool pairs)
      : labels_(annotations.labels().size()), totals_(labels_), begins_{0} {
    std::unordered_map<std::uint64_t, std::size_t> numbers;  // of pairs
    std::vector<std::size_t> found;
    for (std::size_t group = 0; group < groups.size(); ++group) {
      found.clear();
      for (const std::size_t picture : groups.members(group)) {
        const auto& yes = annotations.samples()[picture].yes;
        for (auto second = yes.begin(); second != yes.end(); ++second) {
          found.push_back(static_cast<std::size_t>(*second));
          for (auto first = yes.begin(); pairs && first != second; ++first) {
            const auto key = static_cast<std::uint64_t>(*first) << 32 | static_cast<std::uint64_t>(*second);
            found.push_back(numbers.emplace(key, totals_.size() + numbers.size()).first->second);
          }
        }
      }
      std::sort(found.begin(), found.end());
      for (auto begin = found.begin(); begin != found.end();) {
        const auto end = std::find_if(begin, found.end(), [&](std::size_t set) { return set != *begin; });
        counts_.push_back({*begin, end - begin});
        begin = end;
      }
      begins_.push_back(counts_.size());
    }
    totals_.resize(totals_.size() + numbers.size());
    for (const Count& count : counts_) totals_[count.set] += count.pictures;
  }

  std::size_t size() const { return totals_.size(); }
  /// K: the sets before this are single labels.
  std::size_t labels() const { return labels_; }
  /// Pictures of all groups.
  std::int64_t total(std::size_t set) const { return totals_[set]; }
  /// Those that occur in a group, in the order of their numbers.
  std::span<const Count> of(std::size_t group) const {
    return std::span(counts_).subspan(begins_[group], begins_[group + 1] - begins_[group]);
  }

 private:
  std::size_t labels_;
  std::vector<std::int64_t> totals_;
  std::vector<Count> counts_;        ///< group after group
  std::vector<std::size_t> begins_;  ///< of each group in counts_, and the end
};

}  // namespace tagger::detail
