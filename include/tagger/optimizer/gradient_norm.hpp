#pragma once

#include <vector>

#include <ATen/TensorOperators.h>
#include <ATen/core/Tensor.h>
#include <ATen/ops/_foreach_mul.h>
#include <ATen/ops/_foreach_norm.h>
#include <ATen/ops/linalg_vector_norm.h>
#include <ATen/ops/stack.h>

namespace tagger {

/// The Euclidean norm of all gradients as one vector, a scalar tensor. \param gradients  at least one
inline at::Tensor gradient_norm(const std::vector<at::Tensor>& gradients) {
  return at::linalg_vector_norm(at::stack(at::_foreach_norm(gradients)), 2);
}

/// Scales gradients by min(1, limit / (norm + 1e-6)), norm being that of all of them: torch's clip_grad_norm_. Pascanu
/// et al., "On the difficulty of training recurrent neural networks", ICML 2013.
inline void clip_gradients(const std::vector<at::Tensor>& gradients, double limit) {
  at::_foreach_mul_(gradients, (limit / (gradient_norm(gradients) + 1e-6)).clamp_max(1));
}

}  // namespace tagger
