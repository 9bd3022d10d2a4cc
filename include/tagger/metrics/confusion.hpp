#pragma once

#include <algorithm>
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
    std::vector<std::int32_t> tp(labels), fp(labels), fn(labels), tn(labels);
    for (Eigen::Index begin = 0; begin < targets.rows(); begin += block) {
      for (Eigen::Index row = begin; row < std::min(begin + block, targets.rows()); ++row) {
        const std::int8_t* const target = targets.data() + row * targets.outerStride();
        const auto* const value = values.data() + row * values.outerStride();
        Row sample;
        for (std::size_t label = 0; label < labels; ++label) {
          const std::int32_t hit = predicted(value[label]);
          const std::int32_t yes = target[label] == static_cast<std::int8_t>(Label::yes);
          const std::int32_t no = target[label] == static_cast<std::int8_t>(Label::no);
          tp[label] += hit & yes;
          fp[label] += hit & no;
          fn[label] += ~hit & yes;
          tn[label] += ~hit & no;
          sample.tp += hit & yes;
          sample.fp += hit & no;
          sample.fn += ~hit & yes;
          sample.tn += ~hit & no;
        }
        by_sample_.push_back(sample);
      }
      flush(tp, by_label_.tp);
      flush(fp, by_label_.fp);
      flush(fn, by_label_.fn);
      flush(tn, by_label_.tn);
    }
  }

  static void flush(std::vector<std::int32_t>& from, CountArray& to) {
    for (Eigen::Index i = 0; i < to.size(); ++i) to[i] += std::exchange(from[static_cast<std::size_t>(i)], 0);
  }

  static constexpr Eigen::Index block = Eigen::Index{1} << 30;  // rows that 32 bits can count

  Counts by_label_;
  std::vector<Row> by_sample_;
};

}  // namespace tagger
