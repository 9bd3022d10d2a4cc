// tier: light
// error: rule\(validation\)
// error: T::name
// error: calibrator\(validation\)
// A rule that gives a number and not a decision; one without a name; a calibrator that changes while it is fitted.
#include <string_view>

#include <tagger/calibration/concept.hpp>
#include <tagger/threshold/concept.hpp>

struct Number {
  static constexpr std::string_view name = "number";
#ifdef CORRECT
  tagger::ThresholdChoice operator()(const tagger::ValidationScores&) const { return {}; }
#else
  double operator()(const tagger::ValidationScores&) const { return 0.5; }
#endif
};
static_assert(tagger::Threshold<Number>);

struct Nameless {
#ifdef CORRECT
  static constexpr std::string_view name = "nameless";
#endif
  tagger::ThresholdChoice operator()(const tagger::ValidationScores&) const { return {}; }
};
static_assert(tagger::Threshold<Nameless>);

struct Learning {
  static constexpr std::string_view name = "learning";
#ifdef CORRECT
  tagger::CalibrationFit operator()(const tagger::ValidationScores&) const { return {}; }
#else
  tagger::CalibrationFit operator()(const tagger::ValidationScores&) { return {}; }
#endif
};
static_assert(tagger::Calibrator<Learning>);
