#pragma once

#include <string_view>

#include <tagger/activation/concept.hpp>

namespace tagger {

/// The logits as they are: for losses that train a margin (ZLPR), whose 0 tells yes from no.
/// Models: Activation.
struct Margin {
  using Meaning = SignedMargins;
  static constexpr std::string_view name = "margin";

  Scores operator()(const Logits& logits) const { return {logits.values.to(at::kFloat)}; }
};

/// The logits as they are: for losses that train an order (two-way, pairwise), which no value divides into yes and no.
/// Models: Activation.
struct Rank {
  using Meaning = Ranking;
  static constexpr std::string_view name = "rank";

  Scores operator()(const Logits& logits) const { return {logits.values.to(at::kFloat)}; }
};

static_assert(Activation<Margin> && Activation<Rank>);

}  // namespace tagger
