#pragma once

#include <algorithm>
#include <cstddef>
#include <numeric>
#include <string>
#include <utility>
#include <vector>

#include <Eigen/Core>

#include <tagger/averaging/concept.hpp>
#include <tagger/data/label.hpp>
#include <tagger/error.hpp>
#include <tagger/metrics/confusion.hpp>
#include <tagger/metrics/f1.hpp>

namespace tagger {

namespace detail {

/// The labels of (N, K) targets, those first that are yes in the largest part of the pictures where they are known.
inline std::vector<Eigen::Index> labels_by_frequency(const LabelMatrix& targets) {
  const Eigen::ArrayXd yes = (targets == static_cast<std::int8_t>(Label::yes)).cast<double>().colwise().sum();
  const Eigen::ArrayXd known = (targets != static_cast<std::int8_t>(Label::unknown)).cast<double>().colwise().sum();
  const Eigen::ArrayXd frequency = yes / known.max(1);
  std::vector<Eigen::Index> order(static_cast<std::size_t>(frequency.size()));
  std::iota(order.begin(), order.end(), Eigen::Index{0});
  std::sort(order.begin(), order.end(),
            [&](auto a, auto b) { return std::pair(-frequency[a], a) < std::pair(-frequency[b], b); });
  return order;
}

template <Averaging A>
double f1_of_same_guess(const LabelMatrix& targets, const std::vector<Eigen::Index>& order, std::size_t guessed) {
  LabelMatrix predictions = LabelMatrix::Zero(targets.rows(), targets.cols());
  for (std::size_t i = 0; i < guessed; ++i) predictions.col(order[i]).setOnes();
  Confusion confusion{targets.cols()};
  confusion.add(targets, predictions);
  const Counts slices = A{}.slices(confusion);
  return A{}.average(Eigen::ArrayXd(F1{}(slices)), slices);
}

}  // namespace detail

/// What F1 can be had without looking at a picture: the same labels are guessed for each of them, the m most frequent
/// ones of the training set, with the m that is best on the training set under that averaging. This is a score that a
/// tagger must beat to have learnt anything: `prior_f1<Micro, Macro, Samples>(train.targets(), test.targets())`.
/// \param train, test  (N, K) and (M, K)
/// \returns "micro/f1" and so on with the F1 on the test set, in the order of the averagings
/// \throws DataError when the numbers of labels differ
template <Averaging... A>
std::vector<std::pair<std::string, double>> prior_f1(const LabelMatrix& train, const LabelMatrix& test) {
  if (train.cols() != test.cols()) {
    throw DataError("training targets have " + std::to_string(train.cols()) + " labels, test targets " +
                    std::to_string(test.cols()));
  }
  const auto order = detail::labels_by_frequency(train);
  std::vector<std::pair<std::string, double>> scores;
  const auto add = [&]<typename Each>(Each averaging) {
    std::size_t best = 0;
    double best_f1 = -1;
    for (std::size_t guessed = 1; guessed <= order.size(); ++guessed) {
      const double f1 = detail::f1_of_same_guess<Each>(train, order, guessed);
      if (f1 <= best_f1) continue;
      best = guessed;
      best_f1 = f1;
    }
    scores.emplace_back(std::string(averaging.name) + "/f1", detail::f1_of_same_guess<Each>(test, order, best));
  };
  (add(A{}), ...);
  return scores;
}

}  // namespace tagger
