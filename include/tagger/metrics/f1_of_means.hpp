#pragma once

#include <span>
#include <string_view>
#include <tuple>

#include <tagger/metrics/concept.hpp>
#include <tagger/metrics/precision.hpp>
#include <tagger/metrics/recall.hpp>
#include <tagger/metrics/zero_division.hpp>

namespace tagger {

/// The F1 of the averaged precision and the averaged recall, 2 P R / (P + R), where F1 is averaged itself: the two
/// things that papers call CF1 (under Macro; under Micro they are one number, OF1). 0 where both are 0. Opitz and
/// Burst, "Macro F1 and Macro F1", arXiv 1911.03347, 2019, show how far apart the two can be. Models: MetricOfMeans.
struct F1OfMeans {
  static constexpr std::string_view name = "f1_of_means";
  ZeroDivision zero_division = ZeroDivision::zero;

  std::tuple<Precision, Recall> parts() const { return {Precision{zero_division}, Recall{zero_division}}; }
  double operator()(std::span<const double> averages) const {
    const double precision = averages[0], recall = averages[1];
    return precision + recall == 0 ? 0 : 2 * precision * recall / (precision + recall);
  }
};
static_assert(MetricOfMeans<F1OfMeans>);

}  // namespace tagger
