#pragma once

#include <cmath>
#include <optional>
#include <string>
#include <string_view>

#include <tagger/configurable.hpp>
#include <tagger/data/score_kind.hpp>
#include <tagger/error.hpp>

namespace tagger {

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

/// Whether scores that mean this are probabilities.
inline ScoreKind kind_of(const MeaningAtRunTime& meaning) {
  return meaning.threshold == 0.5 ? ScoreKind::probability : ScoreKind::margin;
}

/// Refuses a threshold that no score of this meaning can be on either side of.
/// \throws OptionError when scores are probabilities and it is not between 0 and 1
inline void check_threshold(const MeaningAtRunTime& meaning, std::optional<double> threshold) {
  if (!threshold || !std::isfinite(*threshold) || kind_of(meaning) != ScoreKind::probability) return;
  if (*threshold >= 0 && *threshold <= 1) return;
  throw OptionError("the threshold is " + detail::number_text(*threshold) + ", but scores are " +
                    std::string(meaning.description) + ", between 0 and 1");
}

}  // namespace tagger
