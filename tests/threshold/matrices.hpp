#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include <tagger/data/label.hpp>
#include <tagger/json.hpp>

/// Rows of numbers in a golden file as a matrix.
template <class Matrix>
Matrix matrix_of(const tagger::Json& rows) {
  Matrix matrix(static_cast<Eigen::Index>(rows.size()), static_cast<Eigen::Index>(rows.at(0).size()));
  for (Eigen::Index row = 0; row < matrix.rows(); ++row) {
    for (Eigen::Index column = 0; column < matrix.cols(); ++column) {
      matrix(row, column) =
          rows[static_cast<std::size_t>(row)][static_cast<std::size_t>(column)].template get<typename Matrix::Scalar>();
    }
  }
  return matrix;
}
