#pragma once

#include <torch/nn/module.h>

namespace tagger {

/// Lays out the weights of convolutions as the loader lays out pictures: channels last, which convolutions on a CPU and
/// on recent GPUs prefer. Values do not change.
inline void to_channels_last(torch::nn::Module& module) {
  for (auto& parameter : module.parameters()) {
    if (parameter.dim() == 4) parameter.set_data(parameter.detach().contiguous(at::MemoryFormat::ChannelsLast));
  }
}

}  // namespace tagger
