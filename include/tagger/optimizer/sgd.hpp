#pragma once

#include <array>
#include <span>
#include <string_view>

#include <ATen/ops/_fused_sgd.h>

#include <tagger/configurable.hpp>
#include <tagger/optimizer/concept.hpp>

namespace tagger {

/// Stochastic gradient descent: b = momentum * b + g, w -= r b; with Nesterov's momentum w -= r (g + momentum * b). g
/// is the gradient with weight_decay * w added, r the learning rate. By torch's fused kernel; equals torch.optim.SGD.
/// Sutskever et al., "On the importance of initialization and momentum in deep learning", ICML 2013. Models: Optimizer.
struct SGD {
  static constexpr std::string_view name = "sgd";
  static constexpr std::array<OptimizerMemory, 1> memory{{{"momentum_buffer"}}};

  double momentum = 0.9;
  bool nesterov = false;
  double weight_decay = 0;

  template <class Self>
  static void fields(Self& self, auto&& field) {
    field("momentum", self.momentum, "how slowly the sum of gradients forgets", between(0, 1));
    field("nesterov", self.nesterov, "look ahead along the momentum");
    field("weight_decay", self.weight_decay, "times the weights, added to their gradients", at_least(0));
  }

  void step(std::span<ParameterGroup> groups, const StepSize& size) const {
    const double inertia = size.momentum.value_or(momentum);
    for (auto& group : groups) {
      const at::TensorList buffers = inertia > 0 ? at::TensorList(group.memory[0]) : at::TensorList();
      // From zeros, momentum * 0 + g is torch's first step, too.
      at::_fused_sgd_(group.parameters, group.gradients, buffers, group.decays ? weight_decay : 0, inertia,
                      size.rate * group.rate, /*dampening=*/0, nesterov,
                      /*maximize=*/false, /*is_first_step=*/false);
    }
  }
};

static_assert(Optimizer<SGD>);

}  // namespace tagger
