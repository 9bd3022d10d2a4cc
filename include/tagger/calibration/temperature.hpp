#pragma once

#include <cmath>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <tagger/calibration/calibration.hpp>
#include <tagger/calibration/concept.hpp>
#include <tagger/calibration/maps_by_label.hpp>
#include <tagger/configurable.hpp>
#include <tagger/threshold/known_scores.hpp>

namespace tagger {

/// Divides logits by one number, the temperature T, with the least log loss: p = sigmoid(logit / T). One number for all
/// labels, unless `per_label`; it changes neither the order of scores nor which are above 0.5. T is between 1/64 and
/// 64, which scores that part yes from no without a mistake, or know nothing, would leave. Guo, Pleiss, Sun and
/// Weinberger, "On calibration of modern neural networks", ICML 2017, section 4.2, where labels exclude each other;
/// here each is a question of its own. Models: Calibrator.
struct TemperatureScaling {
  static constexpr std::string_view name = "temperature";

  bool per_label = false;

  template <class Self>
  static void fields(Self& self, auto&& field) {
    field("per_label", self.per_label, "a temperature for each label, not one for all");
  }

  CalibrationFit operator()(const ValidationScores& validation) const {
    const ScoreKind kind = validation.kind();
    const auto fit = [kind](const KnownScores& known) {
      return LogisticMap{.scale = inverse_temperature(known, kind)};
    };
    if (per_label) return maps_by_label<LogisticMap>(validation, text_of(*this), fit);
    const KnownScores all = all_labels(validation);
    std::vector<ChoiceNote> notes;
    if (!all.both()) notes.push_back({std::nullopt, "there is not both a yes and a no: scores stay as they are"});
    return {.calibration = {.method = text_of(*this),
                            .input = kind,
                            .maps = std::vector(static_cast<std::size_t>(validation.labels()),
                                                all.both() ? fit(all) : LogisticMap{})},
            .notes = std::move(notes)};
  }

 private:
  struct Point {
    double x, target;
  };

  /// 1 / T. The log loss is convex in it: where its slope is 0 it is least.
  static double inverse_temperature(const KnownScores& known, ScoreKind kind) {
    std::vector<Point> points;
    points.reserve(known.yes.size() + known.no.size());
    for (const float score : known.yes) points.push_back({logit_of(score, kind), 1});
    for (const float score : known.no) points.push_back({logit_of(score, kind), 0});
    double slope = 0, curvature = 0;
    const auto look = [&](double here) {
      slope = curvature = 0;
      for (const auto& [x, target] : points) {
        const double p = sigmoid_of(here * x);
        slope += x * (p - target);
        curvature += x * x * p * (1 - p);
      }
    };
    double low = 1.0 / 64, high = 64, here = 1;
    look(low);
    if (slope >= 0) return low;
    look(high);
    if (slope <= 0) return high;
    for (int i = 0; i < 200; ++i) {
      look(here);
      (slope > 0 ? high : low) = here;
      const double newton = here - slope / curvature;
      const double next = newton >= low && newton <= high ? newton : std::sqrt(low * high);
      if (std::abs(next - here) <= 1e-14 * here) break;
      here = next;
    }
    return here;
  }
};

static_assert(Calibrator<TemperatureScaling>);

}  // namespace tagger
