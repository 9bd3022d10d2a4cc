#pragma once

#include <memory>
#include <vector>

#include <ATen/core/grad_mode.h>
#include <torch/nn/module.h>

namespace tagger {

/// While it lives, a module evaluates, without gradients; then each of its modules is again what it was.
class EvaluationMode {
 public:
  explicit EvaluationMode(torch::nn::Module& module) : module_(module), was_training_(module.is_training()) {
    for (const auto& each : module.modules(/*include_self=*/false)) {
      if (each->is_training() != was_training_) different_.push_back(each);
    }
    module.eval();
  }
  EvaluationMode(const EvaluationMode&) = delete;
  EvaluationMode& operator=(const EvaluationMode&) = delete;
  ~EvaluationMode() {
    module_.train(was_training_);
    for (const auto& each : different_) each->train(!was_training_);
  }

 private:
  torch::nn::Module& module_;
  bool was_training_;
  std::vector<std::shared_ptr<torch::nn::Module>> different_;
  at::NoGradGuard no_gradient_;
};

}  // namespace tagger
