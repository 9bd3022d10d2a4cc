#pragma once

#include <cmath>
#include <cstdint>

#include <ATen/core/Tensor.h>

#include <tagger/image/box.hpp>
#include <tagger/loader/mix_targets.hpp>
#include <tagger/loader/mixup.hpp>
#include <tagger/loss/targets.hpp>
#include <tagger/random.hpp>

namespace tagger {

/// A box about a random pixel, cut off at the edges, that leaves about `weight` of a picture's area, at least so much;
/// torchvision's draw, from our numbers. It may be empty.
inline Box cutmix_box(int width, int height, double weight, Random& random) {
  const int x = static_cast<int>(random.below(static_cast<std::uint64_t>(width)));
  const int y = static_cast<int>(random.below(static_cast<std::uint64_t>(height)));
  const double half = 0.5 * std::sqrt(1 - weight);
  const int half_width = static_cast<int>(half * width), half_height = static_cast<int>(half * height);
  return within({x - half_width, y - half_height, 2 * half_width, 2 * half_height}, width, height);
}

/// CutMix: a box of each picture shows its partner. The weight of the picture itself is the share of its area that is
/// left. Yun et al., "CutMix: regularization strategy to train strong classifiers with localizable features", ICCV
/// 2019.
/// \param images    (N, 3, H, W)
/// \param partners  (N) int64: the picture of the batch that each is mixed with
/// \param box       within the pictures; an empty one changes nothing
inline MixedBatch cutmix(const at::Tensor& images, const Targets& targets, const at::Tensor& partners, const Box& box,
                         MixedLabels labels = MixedLabels::share) {
  const auto part = [&box](const at::Tensor& whole) {
    return whole.slice(2, box.top, box.top + box.height).slice(3, box.left, box.left + box.width);
  };
  const at::Tensor mixed = images.clone();
  part(mixed).copy_(part(images).index_select(0, partners.to(images.device())));
  const double area = static_cast<double>(box.width) * box.height;
  const double weight = 1 - area / static_cast<double>(images.size(2) * images.size(3));
  return {mixed, mix_targets(targets, partners.to(targets.values.device()), weight, labels)};
}

}  // namespace tagger
