#pragma once

#include <vector>

#include <ATen/TensorOperators.h>
#include <ATen/core/Tensor.h>
#include <ATen/core/grad_mode.h>
#include <ATen/ops/_foreach_add.h>
#include <ATen/ops/_foreach_copy.h>
#include <ATen/ops/_foreach_mul.h>

#include <tagger/optimizer/gradient_norm.hpp>

namespace tagger {

/// Sharpness-aware minimisation: a step follows the gradient not at the weights w but at w + rho g / |g|, near which
/// the loss is worst, g being the gradient of all parameters at w. While it lives, the parameters are there. Foret et
/// al., "Sharpness-aware minimization for efficiently improving generalization", ICLR 2021.
class WorstNearby {
 public:
  /// \param gradients  of `parameters`; at least one
  /// \param buffers    what the second pass must not change: the statistics of batch normalisation
  WorstNearby(const std::vector<at::Tensor>& parameters, const std::vector<at::Tensor>& gradients, double rho,
              const std::vector<at::Tensor>& buffers)
      : changed_(parameters) {
    const at::NoGradGuard no_gradient;
    changed_.insert(changed_.end(), buffers.begin(), buffers.end());
    for (const auto& tensor : changed_) before_.push_back(tensor.clone());
    at::_foreach_add_(parameters, at::_foreach_mul(gradients, rho / (gradient_norm(gradients) + 1e-12)));
  }
  WorstNearby(const WorstNearby&) = delete;
  WorstNearby& operator=(const WorstNearby&) = delete;
  ~WorstNearby() {
    const at::NoGradGuard no_gradient;
    at::_foreach_copy_(changed_, before_);
  }

 private:
  std::vector<at::Tensor> changed_, before_;
};

}  // namespace tagger
