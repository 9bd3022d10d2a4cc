#pragma once

#include <optional>
#include <string_view>

#include <ATen/core/Tensor.h>

namespace tagger {

/// What an activation gives: (N, K) float32, higher for what is more likely. Not logits.
struct Scores {
  at::Tensor values;
};

/// What the scores of a picture mean, and above which of them a label is predicted unless somebody says otherwise. A
/// loss and an activation fit when they mean the same.
struct IndependentLabels {  ///< each label is a yes-or-no question of its own: scores in [0, 1]
  static constexpr const char* description = "a probability for each label on its own";
  static constexpr std::optional<double> threshold = 0.5;
};
struct OneDistribution {  ///< the labels share one probability: scores in [0, 1] that sum to 1
  static constexpr const char* description = "one probability distribution over all labels";
  static constexpr std::optional<double> threshold = 0.5;
};
struct SignedMargins {  ///< no probabilities, but yes above 0 and no below: scores are any numbers
  static constexpr const char* description = "a margin for each label, positive for yes";
  static constexpr std::optional<double> threshold = 0.0;
};
struct Ranking {  ///< an order of labels and pictures alone: scores are any numbers, and no value of them tells yes
                  ///< from no
  static constexpr const char* description = "an order from likely to unlikely, without a threshold of its own";
  static constexpr std::optional<double> threshold = std::nullopt;
};

/// What scores mean, when that is known at run time only.
struct MeaningAtRunTime {
  std::string_view description;
  std::optional<double> threshold;

  template <class Meaning>
  static constexpr MeaningAtRunTime of() {
    return {Meaning::description, Meaning::threshold};
  }
  bool operator==(const MeaningAtRunTime&) const = default;
};

}  // namespace tagger
