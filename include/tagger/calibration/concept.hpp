#pragma once

#include <concepts>
#include <string_view>
#include <vector>

#include <tagger/calibration/calibration.hpp>
#include <tagger/threshold/choice_note.hpp>
#include <tagger/threshold/validation_scores.hpp>

namespace tagger {

/// What a calibrator has fitted, and what is to be said of it.
struct CalibrationFit {
  Calibration calibration;
  std::vector<ChoiceNote> notes{};
};

/// How scores are made probabilities: fitted on a validation set, so that of the pictures that get 0.8 eight in ten
/// have the label.
///
/// | Expression               | Returns        | Semantics                                                     |
/// |--------------------------|----------------|---------------------------------------------------------------|
/// | `calibrator(validation)` | CalibrationFit | a map for each label, from what is known of it                |
/// | `C::name`                | string view    | the name in configuration files and on command lines          |
///
/// A pure function: no randomness, and the order of pictures has no part in it. A calibrator is default constructible
/// and may be Configurable.
template <class C>
concept Calibrator = std::default_initializable<C> && std::copy_constructible<C> &&
                     requires(const C& calibrator, const ValidationScores& validation) {
                       { calibrator(validation) } -> std::convertible_to<CalibrationFit>;
                       { C::name } -> std::convertible_to<std::string_view>;
                     };

}  // namespace tagger
