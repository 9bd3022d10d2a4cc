#pragma once

#include <cstdint>

#include <Eigen/Core>

namespace tagger {

/// (S): a whole number a slice; a slice is a label, a picture, or everything at once.
using CountArray = Eigen::Array<std::int64_t, Eigen::Dynamic, 1>;

/// How often prediction and target agreed and differed, slice by slice; unknown targets are in none of the four.
struct Counts {
  CountArray tp;  ///< predicted, and the target is yes
  CountArray fp;  ///< predicted, and the target is no
  CountArray fn;  ///< not predicted, and the target is yes
  CountArray tn;  ///< not predicted, and the target is no

  Counts() = default;
  explicit Counts(Eigen::Index slices)
      : tp(CountArray::Zero(slices)),
        fp(CountArray::Zero(slices)),
        fn(CountArray::Zero(slices)),
        tn(CountArray::Zero(slices)) {}

  Eigen::Index size() const { return tp.size(); }

  CountArray predicted() const { return tp + fp; }
  CountArray support() const { return tp + fn; }

  /// All slices as one.
  Counts total() const {
    Counts sum(1);
    sum.tp << tp.sum();
    sum.fp << fp.sum();
    sum.fn << fn.sum();
    sum.tn << tn.sum();
    return sum;
  }

  /// `size` slices from `begin` on.
  Counts segment(Eigen::Index begin, Eigen::Index size) const {
    Counts some;
    some.tp = tp.segment(begin, size);
    some.fp = fp.segment(begin, size);
    some.fn = fn.segment(begin, size);
    some.tn = tn.segment(begin, size);
    return some;
  }

  /// Adds slice by slice; both have as many.
  Counts& operator+=(const Counts& other) {
    tp += other.tp;
    fp += other.fp;
    fn += other.fn;
    tn += other.tn;
    return *this;
  }

  bool operator==(const Counts& other) const {
    return size() == other.size() && (tp == other.tp).all() && (fp == other.fp).all() && (fn == other.fn).all() &&
           (tn == other.tn).all();
  }
};

}  // namespace tagger
