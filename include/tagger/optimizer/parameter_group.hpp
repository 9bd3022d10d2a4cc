#pragma once

#include <string>
#include <string_view>
#include <vector>

#include <ATen/core/Tensor.h>

namespace tagger {

/// A parameter that is trained, and how.
struct TrainedParameter {
  std::string name;
  at::Tensor tensor;
  double rate = 1;     ///< its learning rate, in parts of the optimizer's
  bool decays = true;  ///< the optimizer's weight decay has a part in it
};

/// A tensor that an optimizer remembers for each parameter, under the name that torch's optimizer has for it.
struct OptimizerMemory {
  std::string_view name;
  bool scalar = false;  ///< one number; else as large as the parameter
};

/// Parameters that are trained alike, their gradients and what is remembered of each: `memory[m][i]` is memory m of
/// parameter i. Writing into parameters and memory is what an optimizer does.
struct ParameterGroup {
  double rate = 1;
  bool decays = true;
  std::vector<at::Tensor> parameters;
  std::vector<at::Tensor> gradients;
  std::vector<std::vector<at::Tensor>> memory;
};

}  // namespace tagger
