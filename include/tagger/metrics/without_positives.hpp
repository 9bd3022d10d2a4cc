#pragma once

#include <array>
#include <cstdint>
#include <limits>
#include <string_view>
#include <utility>

#include <tagger/configurable.hpp>
#include <tagger/error.hpp>
#include <tagger/metrics/ranking.hpp>

namespace tagger {

/// What the average precision of a slice without a single yes is: zero, as in scikit-learn; NaN, so that averages leave
/// it out; or an error. Published means differ by it.
enum class WithoutPositives { zero, left_out, error };

template <>
inline constexpr std::array<std::string_view, 3> enum_names<WithoutPositives>{"zero", "left_out", "error"};

namespace detail {

/// \throws DataError where the rule says so
inline double average_precision_without_positives(WithoutPositives rule) {
  if (rule == WithoutPositives::zero) return 0;
  if (rule == WithoutPositives::left_out) return std::numeric_limits<double>::quiet_NaN();
  throw DataError("there is no average precision where nothing is a yes");
}

/// (yes, no) of all ties.
inline std::pair<std::int64_t, std::int64_t> totals(ScoredSlice slice) {
  std::pair<std::int64_t, std::int64_t> sum{0, 0};
  for (const Tie& tie : slice) sum.first += tie.yes, sum.second += tie.no;
  return sum;
}

}  // namespace detail

}  // namespace tagger
