#pragma once

#include <concepts>
#include <functional>
#include <string>
#include <string_view>
#include <tuple>
#include <utility>

#include <tagger/calibration/concept.hpp>
#include <tagger/calibration/isotonic.hpp>
#include <tagger/calibration/platt.hpp>
#include <tagger/calibration/temperature.hpp>
#include <tagger/configurable.hpp>
#include <tagger/named_policy.hpp>

namespace tagger {

/// The calibrators that can be chosen by name at run time.
using Calibrators = std::tuple<TemperatureScaling, PlattScaling, IsotonicCalibration>;

/// A calibrator chosen at run time: any model of Calibrator, or one of a list by its name.
class AnyCalibrator {
 public:
  template <class C>
    requires(!std::same_as<C, AnyCalibrator>) && Calibrator<C>
  AnyCalibrator(C calibrator)  // NOLINT: every calibrator is an AnyCalibrator
      : chosen_(policy_text(C::name, calibrator)), fit_(std::move(calibrator)) {}

  /// \param text  NAME[:FIELD=VALUE]...  \throws OptionError, listing the valid names
  template <class List = Calibrators>
  static AnyCalibrator named(std::string_view text) {
    return named_policy<List, AnyCalibrator>("calibration", text);
  }

  CalibrationFit operator()(const ValidationScores& validation) const { return fit_(validation); }
  const std::string& chosen() const { return chosen_; }

 private:
  std::string chosen_;
  std::function<CalibrationFit(const ValidationScores&)> fit_;
};

}  // namespace tagger
