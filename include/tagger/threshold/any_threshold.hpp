#pragma once

#include <concepts>
#include <functional>
#include <string>
#include <string_view>
#include <tuple>
#include <utility>

#include <tagger/configurable.hpp>
#include <tagger/named_policy.hpp>
#include <tagger/threshold/break_even.hpp>
#include <tagger/threshold/concept.hpp>
#include <tagger/threshold/conformal_recall.hpp>
#include <tagger/threshold/fixed.hpp>
#include <tagger/threshold/global_f1.hpp>
#include <tagger/threshold/max_f1.hpp>
#include <tagger/threshold/min_cost.hpp>
#include <tagger/threshold/precision_at_least.hpp>
#include <tagger/threshold/recall_at_least.hpp>
#include <tagger/threshold/top_k.hpp>

namespace tagger {

/// The rules that can be chosen by name at run time.
using Thresholds = std::tuple<FixedThreshold, MaxF1, PrecisionAtLeast, RecallAtLeast, BreakEven, MinCost, GlobalF1,
                              TopK, ConformalRecall>;

/// A rule chosen at run time: any model of Threshold, or one of a list by its name.
class AnyThreshold {
 public:
  template <class T>
    requires(!std::same_as<T, AnyThreshold>) && Threshold<T>
  AnyThreshold(T rule)  // NOLINT: every rule is an AnyThreshold
      : chosen_(policy_text(T::name, rule)), constant_(threshold::is_constant<T>()), rule_(std::move(rule)) {}

  /// \param text  NAME[:FIELD=VALUE]...  \throws OptionError, listing the valid names
  template <class List = Thresholds>
  static AnyThreshold named(std::string_view text) {
    return named_policy<List, AnyThreshold>("threshold rule", text);
  }

  ThresholdChoice operator()(const ValidationScores& validation) const { return rule_(validation); }
  bool is_constant() const { return constant_; }
  const std::string& chosen() const { return chosen_; }

 private:
  std::string chosen_;
  bool constant_;
  std::function<ThresholdChoice(const ValidationScores&)> rule_;
};

}  // namespace tagger
