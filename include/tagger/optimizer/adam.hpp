#pragma once

#include <array>
#include <span>
#include <string_view>

#include <ATen/ops/_fused_adam.h>

#include <tagger/configurable.hpp>
#include <tagger/optimizer/concept.hpp>

namespace tagger {

/// w -= r m / (sqrt(v) + epsilon), with m and v the running means of the gradient g and of g^2, made unbiased, r the
/// learning rate, and weight_decay * w added to g. By torch's fused kernel; equals torch.optim.Adam.
/// Kingma and Ba, "Adam: a method for stochastic optimization", ICLR 2015. Models: Optimizer.
struct Adam {
  static constexpr std::string_view name = "adam";
  static constexpr std::array<OptimizerMemory, 3> memory{{{"exp_avg"}, {"exp_avg_sq"}, {"step", true}}};

  double beta1 = 0.9;
  double beta2 = 0.999;
  double epsilon = 1e-8;
  double weight_decay = 0;

  template <class Self>
  static void fields(Self& self, auto&& field) {
    field("beta1", self.beta1, "how slowly the mean of gradients forgets", between(0, 1));
    field("beta2", self.beta2, "how slowly the mean of squared gradients forgets", between(0, 1));
    field("epsilon", self.epsilon, "added to the divisor", at_least(0));
    field("weight_decay", self.weight_decay, "times the weights, added to their gradients", at_least(0));
  }

  void step(std::span<ParameterGroup> groups, const StepSize& size) const {
    for (auto& group : groups) {
      for (auto& step : group.memory[2]) step.add_(1);
      at::_fused_adam_(group.parameters, group.gradients, group.memory[0], group.memory[1], /*max_exp_avg_sqs=*/{},
                       group.memory[2], size.rate * group.rate, size.momentum.value_or(beta1), beta2,
                       group.decays ? weight_decay : 0, epsilon, /*amsgrad=*/false, /*maximize=*/false);
    }
  }
};

static_assert(Optimizer<Adam>);

}  // namespace tagger
