#pragma once

#include <array>
#include <span>
#include <string_view>

#include <ATen/ops/_foreach_add.h>
#include <ATen/ops/_foreach_lerp.h>
#include <ATen/ops/_foreach_mul.h>
#include <ATen/ops/_foreach_sign.h>

#include <tagger/configurable.hpp>
#include <tagger/optimizer/concept.hpp>

namespace tagger {

/// w -= r (sign(beta1 * m + (1 - beta1) g) + weight_decay * w), then m = beta2 * m + (1 - beta2) g: each weight moves
/// by the learning rate r, so that r is 3 to 10 times smaller than Adam's, and weight decay as many times larger.
/// Equals timm's Lion. Chen et al., "Symbolic discovery of optimization algorithms", NeurIPS 2023. Models: Optimizer.
struct Lion {
  static constexpr std::string_view name = "lion";
  static constexpr std::array<OptimizerMemory, 1> memory{{{"exp_avg"}}};

  double beta1 = 0.9;
  double beta2 = 0.99;
  double weight_decay = 0;

  template <class Self>
  static void fields(Self& self, auto&& field) {
    field("beta1", self.beta1, "the share of the past in the direction of a step", between(0, 1));
    field("beta2", self.beta2, "how slowly the mean of gradients forgets", between(0, 1));
    field("weight_decay", self.weight_decay, "times the weights, taken off them apart from the gradients", at_least(0));
  }

  void step(std::span<ParameterGroup> groups, const StepSize& size) const {
    for (auto& group : groups) {
      const double rate = size.rate * group.rate;
      const auto& mean = group.memory[0];
      if (group.decays) at::_foreach_mul_(group.parameters, 1 - rate * weight_decay);
      const auto direction = at::_foreach_lerp(mean, group.gradients, 1 - size.momentum.value_or(beta1));
      at::_foreach_sign_(direction);
      at::_foreach_add_(group.parameters, direction, -rate);
      at::_foreach_lerp_(mean, group.gradients, 1 - beta2);
    }
  }
};

static_assert(Optimizer<Lion>);

}  // namespace tagger
