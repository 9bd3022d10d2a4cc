#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <iterator>
#include <string>
#include <utility>
#include <vector>

#include <Eigen/Core>

#include <tagger/data/label.hpp>
#include <tagger/error.hpp>
#include <tagger/metrics/counts.hpp>
#include <tagger/metrics/slices.hpp>

namespace tagger {

namespace detail {

/// tp, fp, fn and tn side by side, 16 bits each: one addition counts into all four, at most 65,535 times.
using PackedCounts = std::uint64_t;
inline constexpr std::uint16_t most_packed = 65535;

/// The counts of one of them: 0 tp, 1 fp, 2 fn, 3 tn.
constexpr std::int32_t unpack(PackedCounts counts, int which) {
  return static_cast<std::int32_t>(counts >> 16 * which & most_packed);
}

constexpr std::size_t outcome_index(std::int8_t target, bool predicted) {
  return 2 * std::size_t{static_cast<std::uint8_t>(target)} + (predicted ? 1 : 0);
}

/// What a label of a picture counts as, by its outcome_index; an unknown target as nothing.
inline constexpr std::array<PackedCounts, 512> outcomes = [] {
  constexpr auto yes = static_cast<std::int8_t>(Label::yes), no = static_cast<std::int8_t>(Label::no);
  std::array<PackedCounts, 512> packed{};
  packed[outcome_index(yes, true)] = PackedCounts{1};
  packed[outcome_index(no, true)] = PackedCounts{1} << 16;
  packed[outcome_index(yes, false)] = PackedCounts{1} << 32;
  packed[outcome_index(no, false)] = PackedCounts{1} << 48;
  return packed;
}();

}  // namespace detail

/// How often predictions and targets agreed, for each label and for each picture: all that precision, recall and F1
/// need, whatever the averaging. Counting is exact and associative: counting in shards and merging them in order gives
/// what one pass over everything gives. Unknown targets are left out.
class Confusion {
 public:
  explicit Confusion(std::int64_t labels) : by_label_(labels) {}

  /// Counts pictures by their scores. The rule: a label is predicted where **score > threshold**, strictly, compared as
  /// float32 like NumPy and torch compare (the tutorial's `pred > 0.5`); NaN passes no threshold.
  /// \param targets  (N, K)
  /// \param scores   (N, K)
  /// \throws DataError when the shapes differ, or K is not the number of labels
  void add(const Eigen::Ref<const LabelMatrix>& targets, const Eigen::Ref<const ScoreMatrix>& scores,
           double threshold) {
    check(targets.rows(), targets.cols(), scores.rows(), scores.cols());
    const auto limit = static_cast<float>(threshold);
    count(targets, scores, [limit](float score) { return score > limit; });
  }

  /// Counts pictures by their predictions.
  /// \param targets      (N, K)
  /// \param predictions  (N, K): 1 predicted, 0 not
  /// \throws DataError as above
  void add(const Eigen::Ref<const LabelMatrix>& targets, const Eigen::Ref<const LabelMatrix>& predictions) {
    check(targets.rows(), targets.cols(), predictions.rows(), predictions.cols());
    count(targets, predictions, [](std::int8_t prediction) { return prediction == 1; });
  }

  /// Adds the pictures of `other` after one's own. \throws DataError when the numbers of labels differ
  void merge(const Confusion& other) {
    if (other.labels() != labels()) {
      throw DataError("counts of " + std::to_string(other.labels()) + " labels cannot be merged into counts of " +
                      std::to_string(labels()));
    }
    by_label_ += other.by_label_;
    by_sample_.insert(by_sample_.end(), other.by_sample_.begin(), other.by_sample_.end());
  }

  std::int64_t labels() const { return by_label_.size(); }
  std::int64_t samples() const { return std::ssize(by_sample_); }

  /// (K): a slice a label.
  const Counts& by_label() const { return by_label_; }

  /// (N): a slice a picture, in the order of adding.
  Counts by_sample() const {
    Counts counts(samples());
    for (Eigen::Index i = 0; i < counts.size(); ++i) {
      const Row& row = by_sample_[static_cast<std::size_t>(i)];
      counts.tp[i] = row.tp;
      counts.fp[i] = row.fp;
      counts.fn[i] = row.fn;
      counts.tn[i] = row.tn;
    }
    return counts;
  }

  /// (S): what an averaging has asked for.
  Counts of(Slices slices) const {
    if (slices == Slices::pictures) return by_sample();
    return slices == Slices::labels ? by_label_ : by_label_.total();
  }

  bool operator==(const Confusion&) const = default;

 private:
  struct Row {
    std::int32_t tp = 0, fp = 0, fn = 0, tn = 0;
    bool operator==(const Row&) const = default;
  };

  void check(Eigen::Index rows, Eigen::Index columns, Eigen::Index other_rows, Eigen::Index other_columns) const {
    const auto shape = [](Eigen::Index n, Eigen::Index k) {
      return std::string("(").append(std::to_string(n)).append(", ").append(std::to_string(k)).append(")");
    };
    if (rows != other_rows || columns != other_columns) {
      throw DataError("targets are " + shape(rows, columns) + ", predictions are " + shape(other_rows, other_columns));
    }
    if (columns != labels()) {
      throw DataError("targets are " + shape(rows, columns) + " for " + std::to_string(labels()) + " labels");
    }
  }

  template <class Matrix, class Predicted>
  void count(const Eigen::Ref<const LabelMatrix>& targets, const Matrix& values, Predicted predicted) {
    const auto labels = static_cast<std::size_t>(targets.cols());
    by_sample_.reserve(by_sample_.size() + static_cast<std::size_t>(targets.rows()));
    constexpr auto most_packed = detail::most_packed;
    std::vector<detail::PackedCounts> by_label(labels);
    for (Eigen::Index begin = 0; begin < targets.rows(); begin += most_packed) {
      for (Eigen::Index row = begin; row < std::min(begin + most_packed, targets.rows()); ++row) {
        const std::int8_t* const target = targets.data() + row * targets.outerStride();
        const auto* const value = values.data() + row * values.outerStride();
        Row sample;
        for (std::size_t first = 0; first < labels; first += most_packed) {
          detail::PackedCounts run = 0;
          for (std::size_t label = first; label < std::min(first + most_packed, labels); ++label) {
            const auto one = detail::outcomes[detail::outcome_index(target[label], predicted(value[label]))];
            by_label[label] += one;
            run += one;
          }
          sample.tp += detail::unpack(run, 0);
          sample.fp += detail::unpack(run, 1);
          sample.fn += detail::unpack(run, 2);
          sample.tn += detail::unpack(run, 3);
        }
        by_sample_.push_back(sample);
      }
      for (std::size_t label = 0; label < labels; ++label) {
        const auto all = std::exchange(by_label[label], 0);
        const auto i = static_cast<Eigen::Index>(label);
        by_label_.tp[i] += detail::unpack(all, 0);
        by_label_.fp[i] += detail::unpack(all, 1);
        by_label_.fn[i] += detail::unpack(all, 2);
        by_label_.tn[i] += detail::unpack(all, 3);
      }
    }
  }

  Counts by_label_;
  std::vector<Row> by_sample_;
};

}  // namespace tagger
