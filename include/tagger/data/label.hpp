#pragma once

#include <cstdint>

#include <Eigen/Core>

namespace tagger {

/// What is known about one label of one picture. Unknown is neither yes nor no: it is left out of loss and metrics.
enum class Label : std::int8_t { unknown = -1, no = 0, yes = 1 };

/// (N, K): a row a picture, a column a label; entries are the values of Label.
using LabelMatrix = Eigen::Array<std::int8_t, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;

/// (N, K): a row a picture, a column a label; larger is more likely.
using ScoreMatrix = Eigen::Array<float, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;

}  // namespace tagger
