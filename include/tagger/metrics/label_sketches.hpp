#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <string>
#include <utility>
#include <vector>

#include <Eigen/Core>

#include <tagger/data/label.hpp>
#include <tagger/error.hpp>
#include <tagger/metrics/bounded_metrics.hpp>
#include <tagger/metrics/parallel.hpp>
#include <tagger/metrics/score_sketch.hpp>

namespace tagger {

/// A sketch of each label's scores, for pictures that come part by part and are more than memory holds: 70,000 labels
/// of capacity 512 take 0.9 GB at most, however many the pictures.
class LabelSketches {
 public:
  explicit LabelSketches(std::int64_t labels, std::size_t capacity = 512)
      : sketches_(static_cast<std::size_t>(labels), ScoreSketch(capacity)) {}

  /// Adds pictures; unknown targets are left out. \param targets  (N, K)  \param scores  (N, K), finite
  /// \throws DataError when the shapes differ, K is not the number of labels, or a score is not finite; nothing of the
  ///         pictures is added then
  void add(const Eigen::Ref<const LabelMatrix>& targets, const Eigen::Ref<const ScoreMatrix>& scores, int threads = 1) {
    if (targets.rows() != scores.rows() || targets.cols() != labels() || scores.cols() != labels()) {
      throw DataError("targets are " + shape(targets) + ", scores are " + shape(scores) + " for " +
                      std::to_string(labels()) + " labels");
    }
    if (!scores.isFinite().all()) throw DataError("a score is not finite");
    // A few labels at a time: their bins stay in the cache, and a line of it has the scores of all of them.
    constexpr std::int64_t together = 16;
    detail::parallel_for((labels() + together - 1) / together, threads, [&](std::int64_t block) {
      const std::int64_t end = std::min(labels(), (block + 1) * together);
      for (Eigen::Index row = 0; row < targets.rows(); ++row) {
        for (std::int64_t label = block * together; label < end; ++label) {
          const auto target = static_cast<Label>(targets(row, label));
          if (target == Label::unknown) continue;
          sketches_[static_cast<std::size_t>(label)].add(scores(row, label), target == Label::yes);
        }
      }
    });
  }

  /// \throws DataError when numbers of labels or capacities differ
  void merge(const LabelSketches& other) {
    if (other.labels() != labels()) {
      throw DataError("sketches of " + std::to_string(other.labels()) + " labels cannot be merged into those of " +
                      std::to_string(labels()));
    }
    for (std::size_t i = 0; i < sketches_.size(); ++i) sketches_[i].merge(other.sketches_[i]);
  }

  std::int64_t labels() const { return std::ssize(sketches_); }
  const ScoreSketch& operator[](std::int64_t label) const { return sketches_[static_cast<std::size_t>(label)]; }

  /// The mean over labels of `metric(sketch)`, a BoundedValue, with the means of the bounds; labels for which it is NaN
  /// are left out, and NaN where all are: `macro([](const ScoreSketch& label) { return average_precision(label); })`.
  BoundedValue macro(auto&& metric) const {
    BoundedValue sum;
    double counted = 0;
    for (const ScoreSketch& sketch : sketches_) {
      const BoundedValue each = metric(sketch);
      if (std::isnan(each.value)) continue;
      ++counted;
      sum.value += each.value;
      sum.lower += each.lower;
      sum.upper += each.upper;
    }
    return {sum.value / counted, sum.lower / counted, sum.upper / counted};  // 0 / 0 is NaN
  }

  bool operator==(const LabelSketches&) const = default;

 private:
  static std::string shape(const auto& matrix) {
    return "(" + std::to_string(matrix.rows()) + ", " + std::to_string(matrix.cols()) + ")";
  }

  std::vector<ScoreSketch> sketches_;
};

}  // namespace tagger
