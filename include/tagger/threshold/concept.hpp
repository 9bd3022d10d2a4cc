#pragma once

#include <concepts>
#include <string_view>
#include <vector>

#include <tagger/threshold/choice_note.hpp>
#include <tagger/threshold/decision.hpp>
#include <tagger/threshold/validation_scores.hpp>

namespace tagger {

/// What a rule has chosen.
struct ThresholdChoice {
  Decision decision;
  std::vector<ChoiceNote> notes{};  ///< where the rule could not be followed, or rests on few pictures
};

/// How it is chosen from a validation set which labels are predicted.
///
/// | Expression         | Returns         | Semantics                                                          |
/// |--------------------|-----------------|--------------------------------------------------------------------|
/// | `rule(validation)` | ThresholdChoice | what predict applies to the scores of every picture from now on    |
/// | `T::constant`     | bool            | optional: true for a rule that looks at no scores                  |
/// | `T::name`          | string view     | the name in configuration files and on command lines               |
///
/// A pure function: no randomness, and the order of pictures has no part in it. A rule is default constructible and may
/// be Configurable.
template <class T>
concept Threshold = std::default_initializable<T> && std::copy_constructible<T> &&
                    requires(const T& rule, const ValidationScores& validation) {
                      { rule(validation) } -> std::convertible_to<ThresholdChoice>;
                      { T::name } -> std::convertible_to<std::string_view>;
                    };

namespace threshold {

/// Whether T chooses the same whatever the scores are.
template <Threshold T>
constexpr bool is_constant() {
  if constexpr (requires { T::constant; }) {
    return T::constant;
  } else {
    return false;
  }
}

}  // namespace threshold

}  // namespace tagger
