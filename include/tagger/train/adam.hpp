#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include <ATen/core/Tensor.h>
#include <ATen/ops/_fused_adam.h>
#include <ATen/ops/zeros.h>
#include <ATen/ops/zeros_like.h>

#include <tagger/named_tensors.hpp>

namespace tagger {

struct AdamOptions {
  double learning_rate = 1e-4;
  double beta1 = 0.9;
  double beta2 = 0.999;
  double epsilon = 1e-8;
  double weight_decay = 0;
};

/// Kingma and Ba, "Adam: a method for stochastic optimization", ICLR 2015, by torch's fused kernel. What it remembers
/// are tensors with names, so that a checkpoint holds it whole.
class Adam {
 public:
  Adam(NamedTensors parameters, AdamOptions options) : options_(options) {
    for (auto& [name, parameter] : parameters) {
      if (!parameter.requires_grad()) continue;
      names_.push_back(name);
      parameters_.push_back(parameter);
      means_.push_back(at::zeros_like(parameter));
      squares_.push_back(at::zeros_like(parameter));
      steps_.push_back(at::zeros({}, at::kFloat));
    }
  }

  void zero_gradients() {
    for (auto& parameter : parameters_) parameter.mutable_grad().reset();
  }

  /// One step down the gradients; a parameter without one stays.
  void step() {
    std::vector<at::Tensor> parameters, gradients, means, squares, steps;
    for (std::size_t i = 0; i < parameters_.size(); ++i) {
      if (!parameters_[i].grad().defined()) continue;
      parameters.push_back(parameters_[i].detach());
      gradients.push_back(parameters_[i].grad());
      means.push_back(means_[i]);
      squares.push_back(squares_[i]);
      steps.push_back(steps_[i]);
    }
    if (parameters.empty()) return;
    for (auto& step : steps) step.add_(1);
    at::_fused_adam_(parameters, gradients, means, squares, /*max_exp_avg_sqs=*/{}, steps, options_.learning_rate,
                     options_.beta1, options_.beta2, options_.weight_decay, options_.epsilon, /*amsgrad=*/false,
                     /*maximize=*/false);
  }

  /// What must be kept to go on later: views of the running means under `exp_avg.<name>`, `exp_avg_sq.<name>` and
  /// `step.<name>`. Writing into them restores.
  NamedTensors state() const {
    NamedTensors state;
    for (std::size_t i = 0; i < names_.size(); ++i) {
      state.emplace_back("exp_avg." + names_[i], means_[i]);
      state.emplace_back("exp_avg_sq." + names_[i], squares_[i]);
      state.emplace_back("step." + names_[i], steps_[i]);
    }
    return state;
  }

  const AdamOptions& options() const { return options_; }

 private:
  AdamOptions options_;
  std::vector<std::string> names_;
  std::vector<at::Tensor> parameters_, means_, squares_, steps_;
};

}  // namespace tagger
