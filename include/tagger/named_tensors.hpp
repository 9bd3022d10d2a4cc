#pragma once

#include <string>
#include <utility>
#include <vector>

#include <ATen/core/Tensor.h>

namespace tagger {

/// Tensors and what they are called in a file, in order.
using NamedTensors = std::vector<std::pair<std::string, at::Tensor>>;

}  // namespace tagger
