#pragma once

#include <cmath>
#include <cstddef>
#include <iterator>
#include <string_view>
#include <vector>

#include <tagger/calibration/calibration.hpp>
#include <tagger/calibration/concept.hpp>
#include <tagger/calibration/maps_by_label.hpp>
#include <tagger/configurable.hpp>
#include <tagger/threshold/known_scores.hpp>

namespace tagger {

/// A logistic regression of each label on its logit: p = sigmoid(scale * logit + shift), with the least log loss
/// against targets that are drawn in from 0 and 1, (N+ + 1) / (N+ + 2) for yes and 1 / (N- + 2) for no, so that few
/// pictures cannot make it certain. Platt, "Probabilistic outputs for support vector machines", 1999; Newton's method
/// with backtracking of Lin, Lin and Weng, "A note on Platt's probabilistic outputs for support vector machines",
/// Machine Learning 68, 2007, carried on until the numbers stand. Models: Calibrator.
struct PlattScaling {
  static constexpr std::string_view name = "platt";

  CalibrationFit operator()(const ValidationScores& validation) const {
    const ScoreKind kind = validation.kind();
    return maps_by_label<LogisticMap>(validation, std::string(name),
                                      [kind](const KnownScores& known) { return fit(known, kind); });
  }

 private:
  struct Point {
    double x, target;
  };

  /// -t log(p) - (1 - t) log(1 - p) over all points, without overflow.
  static double loss(const std::vector<Point>& points, const LogisticMap& map) {
    double sum = 0;
    for (const auto& [x, target] : points) {
      const double z = map.scale * x + map.shift;
      sum += std::log1p(std::exp(-std::abs(z))) + (z >= 0 ? (1 - target) * z : -target * z);
    }
    return sum;
  }

  static LogisticMap fit(const KnownScores& known, ScoreKind kind) {
    const auto yes = static_cast<double>(known.yes.size()), no = static_cast<double>(known.no.size());
    std::vector<Point> points;
    points.reserve(known.yes.size() + known.no.size());
    for (const float score : known.yes) points.push_back({logit_of(score, kind), (yes + 1) / (yes + 2)});
    for (const float score : known.no) points.push_back({logit_of(score, kind), 1 / (no + 2)});

    LogisticMap map{.scale = 0, .shift = std::log((yes + 1) / (no + 1))};
    double value = loss(points, map);
    for (int iteration = 0; iteration < 100; ++iteration) {
      constexpr double ridge = 1e-12;  // keeps equal scores from dividing by zero
      double gradient_scale = 0, gradient_shift = 0, ss = ridge, sh = 0, hh = ridge;
      for (const auto& [x, target] : points) {
        const double p = sigmoid_of(map.scale * x + map.shift), weight = p * (1 - p);
        gradient_scale += x * (p - target);
        gradient_shift += p - target;
        ss += x * x * weight;
        sh += x * weight;
        hh += weight;
      }
      const double determinant = ss * hh - sh * sh;
      const double step_scale = -(hh * gradient_scale - sh * gradient_shift) / determinant;
      const double step_shift = -(ss * gradient_shift - sh * gradient_scale) / determinant;
      const double slope = gradient_scale * step_scale + gradient_shift * step_shift;
      if (!(slope < -1e-20 * (1 + value))) break;
      const double rounding = 1e-13 * (1 + value);  // close to the end the loss no longer tells where it is least
      double length = 1;
      LogisticMap next = map;
      double there = value;
      for (; length >= 1e-10; length /= 2) {
        next = {.scale = map.scale + length * step_scale, .shift = map.shift + length * step_shift};
        there = loss(points, next);
        if (there <= value + 1e-4 * length * slope + rounding) break;
      }
      map = next;
      value = there;
    }
    return map;
  }
};

static_assert(Calibrator<PlattScaling>);

}  // namespace tagger
