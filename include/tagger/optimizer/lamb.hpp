#pragma once

#include <array>
#include <cmath>
#include <cstddef>
#include <span>
#include <string_view>
#include <vector>

#include <ATen/ops/_foreach_div.h>
#include <ATen/ops/linalg_vector_norm.h>
#include <ATen/ops/stack.h>
#include <ATen/ops/where.h>

#include <tagger/configurable.hpp>
#include <tagger/optimizer/concept.hpp>
#include <tagger/optimizer/gradient_norm.hpp>

namespace tagger {

/// For large batches: Adam's step u = m / (sqrt(v) + epsilon) + weight_decay * w, of each tensor w brought to w's
/// length: w -= r |w| / |u| u, with the learning rate r. Tensors without weight decay take r u. The gradients of all
/// tensors are first scaled down to the norm `max_gradient_norm`. Equals timm's Lamb (and so NVIDIA's). You et al.,
/// "Large batch optimization for deep learning: training BERT in 76 minutes", ICLR 2020. Models: Optimizer.
struct Lamb {
  static constexpr std::string_view name = "lamb";
  static constexpr std::array<OptimizerMemory, 3> memory{{{"exp_avg"}, {"exp_avg_sq"}, {"step", true}}};

  double beta1 = 0.9;
  double beta2 = 0.999;
  double epsilon = 1e-6;
  double weight_decay = 1e-2;
  double max_gradient_norm = 1;

  template <class Self>
  static void fields(Self& self, auto&& field) {
    field("beta1", self.beta1, "how slowly the mean of gradients forgets", between(0, 1));
    field("beta2", self.beta2, "how slowly the mean of squared gradients forgets", between(0, 1));
    field("epsilon", self.epsilon, "added to the divisor", at_least(0));
    field("weight_decay", self.weight_decay, "times the weights, added to Adam's step", at_least(0));
    field("max_gradient_norm", self.max_gradient_norm, "of all gradients; longer ones are scaled down; 0: any",
          at_least(0));
  }

  void step(std::span<ParameterGroup> groups, const StepSize& size) const {
    if (max_gradient_norm > 0) shorten(groups);
    const double momentum = size.momentum.value_or(beta1);
    for (auto& group : groups) {
      const double decay = group.decays ? weight_decay : 0;
      const at::Tensor steps = at::stack(group.memory[2]).add_(1).cpu();  // at once: each reading waits for a GPU
      const float* step_of = steps.const_data_ptr<float>();
      for (std::size_t i = 0; i < group.parameters.size(); ++i) {
        const at::Tensor &weight = group.parameters[i], &gradient = group.gradients[i];
        const at::Tensor &mean = group.memory[0][i], &square = group.memory[1][i];
        group.memory[2][i].add_(1);
        const double step = step_of[i];
        mean.lerp_(gradient, 1 - momentum);
        square.mul_(beta2).addcmul_(gradient, gradient, 1 - beta2);
        at::Tensor update = mean.div(1 - std::pow(momentum, step));
        update.div_(square.sqrt().div_(std::sqrt(1 - std::pow(beta2, step))).add_(epsilon));
        if (decay > 0) {
          update.add_(weight, decay);
          update.mul_(trust(at::linalg_vector_norm(weight, 2), at::linalg_vector_norm(update, 2)));
        }
        weight.add_(update, -size.rate * group.rate);
      }
    }
  }

 private:
  void shorten(std::span<ParameterGroup> groups) const {
    std::vector<at::Tensor> all;
    for (const auto& group : groups) all.insert(all.end(), group.gradients.begin(), group.gradients.end());
    if (all.empty()) return;
    const at::Tensor excess = gradient_norm(all).div_(max_gradient_norm).clamp_min_(1);
    for (auto& group : groups) group.gradients = at::_foreach_div(group.gradients, excess);
  }

  static at::Tensor trust(const at::Tensor& weight, const at::Tensor& update) {
    return at::where(weight.gt(0).logical_and(update.gt(0)), weight.div(update), 1.0);
  }
};

static_assert(Optimizer<Lamb>);

}  // namespace tagger
