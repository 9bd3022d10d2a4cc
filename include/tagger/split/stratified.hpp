#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <queue>
#include <string>
#include <string_view>
#include <tuple>
#include <utility>
#include <vector>

#include <tagger/configurable.hpp>
#include <tagger/error.hpp>
#include <tagger/split/concept.hpp>
#include <tagger/split/hand_out.hpp>
#include <tagger/split/label_sets.hpp>

namespace tagger {

namespace detail {

/// The state of a stratification: what is still to be handed out, and what each part still lacks.
class Stratification {
 public:
  Stratification(const LabelSets& sets, const Groups& groups, std::vector<double> sizes, Random random)
      : sets_(sets),
        groups_(groups),
        count_(sizes.size()),
        lacking_(std::move(sizes)),
        parts_(groups.size(), unassigned),
        left_(sets.size()),
        lacking_of_(sets.size() * count_),
        random_(random) {
    for (std::size_t set = 0; set < sets.size(); ++set) {
      left_[set] = sets.total(set);
      for (std::size_t part = 0; part < count_; ++part) {
        lacking_of_[set * count_ + part] =
            static_cast<double>(sets.total(set)) * lacking_[part] / static_cast<double>(groups.pictures());
      }
    }
  }

  std::vector<std::size_t> run() {
    const auto order = largest_first(groups_, random_);
    std::vector<std::vector<std::size_t>> having(sets_.size());
    for (const std::size_t group : order) {
      for (const auto& count : sets_.of(group)) having[count.set].push_back(group);
    }
    for (std::size_t set = 0; set < sets_.size(); ++set) {
      shared_.push_back(can_be_shared(set));
      if (shared_[set]) rarest_.emplace(left_[set], set);
    }
    while (!rarest_.empty()) {
      const auto [left, set] = rarest_.top();
      rarest_.pop();
      if (left != left_[set]) continue;  // fewer are left by now: it stands there, too
      for (const std::size_t group : having[set]) {
        if (parts_[group] != unassigned) continue;
        assign(group, most_wanting(count_, random_, [&](std::size_t part) {
                 return std::tuple{lacking_[part] > 0, lacking_of_[set * count_ + part], need(group, part)};
               }));
      }
    }
    for (const std::size_t group : order) {
      if (parts_[group] != unassigned) continue;
      assign(group, most_wanting(count_, random_, [&](std::size_t part) { return lacking_[part]; }));
    }
    return std::move(parts_);
  }

 private:
  /// A pair of labels of which the smallest part should have next to nothing would always go to the largest: it is left
  /// to its labels.
  bool can_be_shared(std::size_t set) const {
    const auto wanted = lacking_of_.begin() + static_cast<std::ptrdiff_t>(set * count_);
    return left_[set] > 0 &&
           (set < sets_.labels() || *std::min_element(wanted, wanted + static_cast<std::ptrdiff_t>(count_)) >= 0.3);
  }

  /// How much a part lacks of all that a group has, each label in parts of its pictures.
  double need(std::size_t group, std::size_t part) const {
    double sum = 0;
    for (const auto& count : sets_.of(group)) {
      sum += lacking_of_[count.set * count_ + part] / static_cast<double>(sets_.total(count.set));
    }
    return sum;
  }

  void assign(std::size_t group, std::size_t part) {
    parts_[group] = part;
    lacking_[part] -= static_cast<double>(groups_.members(group).size());
    for (const auto& count : sets_.of(group)) {
      lacking_of_[count.set * count_ + part] -= static_cast<double>(count.pictures);
      left_[count.set] -= count.pictures;
      if (shared_[count.set] && left_[count.set] > 0) rarest_.emplace(left_[count.set], count.set);
    }
  }

  static constexpr auto unassigned = static_cast<std::size_t>(-1);
  using Rarity = std::pair<std::int64_t, std::size_t>;

  const LabelSets& sets_;
  const Groups& groups_;
  std::size_t count_;            ///< of parts
  std::vector<double> lacking_;  ///< pictures that each part lacks
  std::vector<std::size_t> parts_;
  std::vector<std::int64_t> left_;  ///< pictures of each label set that are not handed out yet
  std::vector<bool> shared_;        ///< label sets that are shared out
  std::vector<double> lacking_of_;  ///< (sets, parts): how many of them each part lacks
  std::priority_queue<Rarity, std::vector<Rarity>, std::greater<>> rarest_;
  Random random_;
};

}  // namespace detail

/// Parts that have the same share of every label, as nearly as a greedy hand can: the pictures of the label of which
/// fewest are left are handed out, each to the part that lacks most of that label and is not full; then the next
/// label's; in the end the pictures without labels. Only a yes counts: what is unknown is not shared out. Sechidis,
/// Tsoumakas and Vlahavas, "On the stratification of multi-label data", ECML PKDD 2011, algorithm 1; of parts that lack
/// equally much, ours chooses the one that lacks most of the picture's other labels. With `order` 2 pairs of labels are
/// shared out among the labels, so that they occur together in every part: Szymanski and Kajdanowicz, "A network
/// perspective on stratification of multi-label data", LIDTA 2017; but for those too rare to be in each part.
/// \throws OptionError for another order. Models: Splitter.
struct StratifiedSplit {
  static constexpr std::string_view name = "stratified";

  int order = 1;
  std::uint64_t seed = 2020;

  template <class Self>
  static void fields(Self& self, auto&& field) {
    field("order", self.order, "1: share out labels; 2: pairs of labels, too", between(1, 2));
    field("seed", self.seed, "another one gives other parts");
  }

  std::vector<std::size_t> operator()(const Annotations& annotations, const Groups& groups,
                                      const std::vector<double>& sizes) const {
    if (order != 1 && order != 2)
      throw OptionError("stratified: order " + std::to_string(order) + " is neither 1 nor 2");
    const detail::LabelSets sets(annotations, groups, order == 2);
    return detail::Stratification(sets, groups, sizes, detail::split_random(seed)).run();
  }
};

static_assert(Splitter<StratifiedSplit>);

}  // namespace tagger
