#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include <ATen/core/Tensor.h>
#include <ATen/ops/empty.h>

#include <tagger/backbone/features.hpp>
#include <tagger/data/label.hpp>
#include <tagger/loader/broken_picture.hpp>
#include <tagger/loss/targets.hpp>

namespace tagger {

/// N pictures with their labels, as the network takes them.
struct Batch {
  at::Tensor images{};                    ///< (N, 3, H, W) float32, channels last in memory; or features of them
  std::optional<FeatureKind> features{};  ///< of which kind `images` are features: (N, P), (N, D, H, W), (N, L, D)
  LabelMatrix labels{};                   ///< (N, K), values of Label
  std::vector<std::int64_t> indices{};    ///< (N), which pictures of the dataset these are
  std::vector<BrokenPicture> broken{};    ///< pictures that should have been here; they are not counted in N

  std::int64_t size() const { return static_cast<std::int64_t>(indices.size()); }
};

/// A batch, in memory of the CPU, where a network wants it. From page-locked memory it goes while the CPU goes on.
inline at::Tensor on_device(const at::Tensor& batch, at::Device device) {
  return batch.to(device, batch.scalar_type(), /*non_blocking=*/true);
}

/// Labels as a loss takes them: an unknown label is 0 in both tensors. `known` stays undefined when all are known.
inline Targets as_targets(const LabelMatrix& labels) {
  const auto shape = {static_cast<std::int64_t>(labels.rows()), static_cast<std::int64_t>(labels.cols())};
  using Plane = Eigen::Map<Eigen::Array<float, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>>;
  const auto plane = [&](at::Tensor& tensor) { return Plane(tensor.data_ptr<float>(), labels.rows(), labels.cols()); };
  const auto unknown = static_cast<std::int8_t>(Label::unknown);
  Targets targets{.values = at::empty(shape, at::kFloat)};
  plane(targets.values) = (labels == static_cast<std::int8_t>(Label::yes)).cast<float>();
  if ((labels == unknown).any()) {
    targets.known = at::empty(shape, at::kFloat);
    plane(targets.known) = (labels != unknown).cast<float>();
  }
  return targets;
}

}  // namespace tagger
