#pragma once

#include <cstdint>

#include <Eigen/Core>

#include <tagger/data/annotations.hpp>

namespace tagger {

/// (K, K): entry (i, j) says how much label i listens to label j.
using LabelGraph = Eigen::Matrix<float, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;

/// The graph of labels that occur together: Chen, Wei, Wang and Guo, "Multi-label image recognition with graph
/// convolutional networks", CVPR 2019. Labels i and j are joined where P(j | i), the share of pictures with i that have
/// j too, is at least `threshold`; a picture where j is unknown does not count. What i takes from the labels that it is
/// joined to makes `share` of a whole, in equal parts, and what it takes from itself the rest:
///
///     A_ij = share / (number joined to i),   A_ii = 1 - share,   graph = D^-1/2 A D^-1/2,   D_ii = sum_j A_ij
///
/// (The authors' code says 1/4 beside 1 where the paper says 0.2 beside 0.8, which D makes the same.)
inline LabelGraph label_graph(const Annotations& train, double threshold = 0.4, double share = 0.2) {
  const auto count = std::ssize(train.labels());
  Eigen::MatrixXf both = Eigen::MatrixXf::Zero(count, count), known = both;  // exact up to 16 million pictures
  Eigen::VectorXf complete = Eigen::VectorXf::Zero(count);  // pictures of which all is known but what is listed
  for (const Sample& sample : train.samples()) {
    for (const std::int32_t i : sample.yes) {
      for (const std::int32_t j : sample.yes) both(i, j) += 1;
      if (sample.rest == Label::no) {
        complete(i) += 1;
        for (const std::int32_t j : sample.unknown) known(i, j) -= 1;
      } else {
        for (const std::int32_t j : sample.yes) known(i, j) += 1;
        for (const std::int32_t j : sample.no) known(i, j) += 1;
      }
    }
  }
  LabelGraph graph = LabelGraph::Zero(count, count);
  for (Eigen::Index i = 0; i < count; ++i) {
    for (Eigen::Index j = 0; j < count; ++j) {
      const float pictures = complete(i) + known(i, j);
      graph(i, j) =
          i != j && pictures > 0 && static_cast<double>(both(i, j)) >= threshold * static_cast<double>(pictures);
    }
    if (const float joined = graph.row(i).sum(); joined > 0) graph.row(i) *= static_cast<float>(share) / joined;
    graph(i, i) = static_cast<float>(1 - share);
  }
  const Eigen::VectorXf scale = graph.rowwise().sum().cwiseSqrt().cwiseInverse();
  return scale.asDiagonal() * graph * scale.asDiagonal();
}

}  // namespace tagger
