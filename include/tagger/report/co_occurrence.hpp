#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <numeric>
#include <vector>

#include <Eigen/Core>

#include <tagger/data/label.hpp>
#include <tagger/report/picture_scores.hpp>

namespace tagger {

/// How often two labels are on one picture, by the annotations and by the predictions. A picture counts for a pair
/// where both its labels are known. All matrices are (M, M) and symmetric; the diagonal has the labels' own pictures.
struct CoOccurrence {
  using Pairs = Eigen::ArrayXXd;  ///< numbers of pictures

  std::vector<std::size_t> labels;         ///< (M): which of the K labels, most frequent first
  Pairs annotated_both, annotated_either;  ///< pictures whose targets are yes for both, for one at least
  Pairs predicted_both, predicted_either;

  /// Pictures with both labels among those with either (Jaccard index); 0 where there is none.
  static double share(const Pairs& both, const Pairs& either, Eigen::Index a, Eigen::Index b) {
    return either(a, b) > 0 ? both(a, b) / either(a, b) : 0;
  }
  double annotated(Eigen::Index a, Eigen::Index b) const { return share(annotated_both, annotated_either, a, b); }
  double predicted(Eigen::Index a, Eigen::Index b) const { return share(predicted_both, predicted_either, a, b); }
};

/// \param most  only the labels that are annotated most often
inline CoOccurrence co_occurrence(const PictureScores& set, std::size_t most = 81) {
  const Eigen::Index pictures = set.targets.rows();
  CoOccurrence result;
  result.labels.resize(set.labels.size());
  std::iota(result.labels.begin(), result.labels.end(), std::size_t{0});
  std::vector<Eigen::Index> support;
  for (Eigen::Index k = 0; k < set.targets.cols(); ++k) {
    support.push_back((set.targets.col(k) == static_cast<std::int8_t>(Label::yes)).count());
  }
  std::sort(result.labels.begin(), result.labels.end(),
            [&](std::size_t a, std::size_t b) { return support[a] != support[b] ? support[a] > support[b] : a < b; });
  result.labels.resize(std::min(most, result.labels.size()));

  const auto size = static_cast<Eigen::Index>(result.labels.size());
  for (auto* pairs :
       {&result.annotated_both, &result.annotated_either, &result.predicted_both, &result.predicted_either}) {
    *pairs = CoOccurrence::Pairs::Zero(size, size);
  }
  constexpr Eigen::Index block = 4096;  // rows whose copies as floats stay small; exact, because float counts to 2^24
  for (Eigen::Index begin = 0; begin < pictures; begin += block) {
    const Eigen::Index rows = std::min(block, pictures - begin);
    Eigen::MatrixXf yes(rows, size), predicted(rows, size), known(rows, size);
    for (Eigen::Index m = 0; m < size; ++m) {
      const auto label = static_cast<Eigen::Index>(result.labels[static_cast<std::size_t>(m)]);
      const auto target = set.targets.col(label).segment(begin, rows);
      known.col(m) = (target != static_cast<std::int8_t>(Label::unknown)).cast<float>();
      yes.col(m) = (target == static_cast<std::int8_t>(Label::yes)).cast<float>();
      predicted.col(m) = (set.predictions.col(label).segment(begin, rows) == 1).cast<float>() * known.col(m).array();
    }
    const auto add = [&](const Eigen::MatrixXf& has, CoOccurrence::Pairs& both, CoOccurrence::Pairs& either) {
      const Eigen::ArrayXXf together = (has.transpose() * has).array();
      const Eigen::ArrayXXf first = (has.transpose() * known).array();  // (a, b): a is there, and b is known
      both += together.cast<double>();
      either += (first + first.transpose() - together).cast<double>();
    };
    add(yes, result.annotated_both, result.annotated_either);
    add(predicted, result.predicted_both, result.predicted_either);
  }
  return result;
}

}  // namespace tagger
