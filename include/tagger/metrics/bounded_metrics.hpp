#pragma once

#include <cstdint>
#include <limits>
#include <ranges>
#include <span>

#include <tagger/metrics/score_sketch.hpp>
#include <tagger/metrics/without_positives.hpp>

namespace tagger {

/// A number that is known within bounds.
struct BoundedValue {
  double value = 0;
  double lower = 0;  ///< the exact value is no less
  double upper = 0;  ///< and no more
};

/// AveragePrecision of the entries of a sketch. Of scores of one bin it is not known which are higher: `upper` has all
/// its yes above its no's, `lower` all below and one by one, `value` the no's evenly between. Some entries that the
/// sketch may come from have the value of either bound. All three are the same where the sketch is exact.
/// \throws DataError where there is no yes and the rule says so
inline BoundedValue average_precision(const ScoreSketch& sketch, WithoutPositives rule = WithoutPositives::zero) {
  BoundedValue sum;
  std::int64_t yes = 0, all = 0;  // in the bins above
  for (const auto& bin : sketch.bins() | std::views::reverse) {
    const auto precision = [&](double further_yes, double further_no) {
      return (static_cast<double>(yes) + further_yes) / (static_cast<double>(all) + further_yes + further_no);
    };
    const auto here = static_cast<double>(bin.yes), no = static_cast<double>(bin.no);
    if (sketch.is_exact()) {
      const double tied = here > 0 ? here * precision(here, no) : 0;
      sum.value += tied;
      sum.lower += tied;
      sum.upper += tied;
    } else {
      for (std::int64_t i = 1; i <= bin.yes; ++i) {
        const auto rank = static_cast<double>(i);
        sum.value += precision(rank, no * rank / (here + 1));
        sum.lower += precision(rank, no);
      }
      if (bin.yes > 0) sum.upper += here * precision(here, 0);
    }
    yes += bin.yes;
    all += bin.yes + bin.no;
  }
  if (yes == 0) {
    const double value = detail::average_precision_without_positives(rule);
    return {value, value, value};
  }
  const auto positives = static_cast<double>(yes);
  return {sum.value / positives, sum.lower / positives, sum.upper / positives};
}

/// RocAuc of the entries of a sketch. A yes and a no of one bin may be either way around, and count half in `value`.
/// NaN without a yes or without a no.
inline BoundedValue roc_auc(const ScoreSketch& sketch) {
  double won = 0, open = 0;  // pairs of a yes and a no
  std::int64_t yes = 0, no = 0;
  for (const auto& bin : sketch.bins() | std::views::reverse) {
    won += static_cast<double>(yes) * static_cast<double>(bin.no);
    open += static_cast<double>(bin.yes) * static_cast<double>(bin.no);
    yes += bin.yes;
    no += bin.no;
  }
  if (yes == 0 || no == 0) {
    constexpr double nan = std::numeric_limits<double>::quiet_NaN();
    return {nan, nan, nan};
  }
  const double pairs = static_cast<double>(yes) * static_cast<double>(no);
  const double value = (won + open / 2) / pairs;
  return sketch.is_exact() ? BoundedValue{value, value, value} : BoundedValue{value, won / pairs, (won + open) / pairs};
}

}  // namespace tagger
