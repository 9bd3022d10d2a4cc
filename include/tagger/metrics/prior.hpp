#pragma once

#include <algorithm>
#include <cstddef>
#include <numeric>
#include <string>
#include <utility>
#include <vector>

#include <Eigen/Core>

#include <tagger/data/label.hpp>
#include <tagger/error.hpp>
#include <tagger/metrics/confusion.hpp>

namespace tagger {

/// In what part of the pictures each label is yes, of those where it is known; 0 where it never is.
/// \param targets  (N, K)
/// \returns (K)
inline std::vector<double> label_frequencies(const LabelMatrix& targets) {
  std::vector<double> frequencies;
  for (Eigen::Index label = 0; label < targets.cols(); ++label) {
    const auto yes = (targets.col(label) == static_cast<std::int8_t>(Label::yes)).count();
    const auto known = (targets.col(label) != static_cast<std::int8_t>(Label::unknown)).count();
    frequencies.push_back(known == 0 ? 0. : static_cast<double>(yes) / static_cast<double>(known));
  }
  return frequencies;
}

/// What somebody answers who has only been told the frequencies and wants a good micro F1: for every picture the same
/// m most frequent labels, with the m for which `2 sum f / (m + sum f)`, the first sum over these labels and the second
/// over all, is largest.
/// \returns the indices of these labels, the most frequent first
inline std::vector<std::size_t> prior_guess(const std::vector<double>& frequencies) {
  std::vector<std::size_t> order(frequencies.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
    return std::pair(-frequencies[a], a) < std::pair(-frequencies[b], b);
  });
  const double all = std::accumulate(frequencies.begin(), frequencies.end(), 0.);
  double hit = 0, best = 0;
  std::size_t guessed = 0;
  for (std::size_t m = 1; m <= order.size(); ++m) {
    hit += frequencies[order[m - 1]];
    const double f1 = 2 * hit / (static_cast<double>(m) + all);
    if (f1 <= best) continue;
    best = f1;
    guessed = m;
  }
  order.resize(guessed);
  return order;
}

/// How the prior_guess does on `targets`, all of them: the score that a tagger must beat to have learnt to look.
/// \param frequencies  (K), of the training set
/// \param targets      (N, K), of the test set
/// \throws DataError when the numbers of labels differ
inline Confusion prior_confusion(const std::vector<double>& frequencies, const LabelMatrix& targets) {
  if (std::ssize(frequencies) != targets.cols()) {
    throw DataError("there are frequencies of " + std::to_string(frequencies.size()) + " labels, targets of " +
                    std::to_string(targets.cols()));
  }
  LabelMatrix predictions = LabelMatrix::Zero(targets.rows(), targets.cols());
  for (const std::size_t label : prior_guess(frequencies)) predictions.col(static_cast<Eigen::Index>(label)).setOnes();
  Confusion confusion{targets.cols()};
  confusion.add(targets, predictions);
  return confusion;
}

}  // namespace tagger
