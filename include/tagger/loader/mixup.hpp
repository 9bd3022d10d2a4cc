#pragma once

#include <ATen/TensorOperators.h>
#include <ATen/core/Tensor.h>

#include <tagger/loader/mix_targets.hpp>
#include <tagger/loss/targets.hpp>

namespace tagger {

/// Pictures and what to tag them with.
struct MixedBatch {
  at::Tensor images;  ///< (N, 3, H, W), in the memory format that they had
  Targets targets;
};

/// MixUp: weight x_a + (1 - weight) x_b of each picture and its partner.
/// Zhang, Cisse, Dauphin and Lopez-Paz, "mixup: beyond empirical risk minimization", ICLR 2018.
/// \param images    (N, 3, H, W)
/// \param partners  (N) int64: the picture of the batch that each is mixed with
/// \param weight    of the picture itself, 0 to 1
inline MixedBatch mixup(const at::Tensor& images, const Targets& targets, const at::Tensor& partners, double weight,
                        MixedLabels labels = MixedLabels::share) {
  const at::Tensor others =
      images.index_select(0, partners.to(images.device())).contiguous(images.suggest_memory_format());
  return {(images * weight).add_(others, 1 - weight),
          mix_targets(targets, partners.to(targets.values.device()), weight, labels)};
}

}  // namespace tagger
