#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <utility>

#include <ATen/core/grad_mode.h>

#include <tagger/named_tensors.hpp>

namespace tagger {

/// The exponential moving average of all weights, which is often a better tagger than the weights themselves: after
/// each step a = d a + (1 - d) w. With a warm-up d grows: min(decay, 1 - t^(-2/3)) after step t, so that the first
/// weights are soon forgotten. Statistics of batch normalisation are averaged, too; counts are copied. Equals timm's
/// ModelEmaV2, with the warm-up ModelEmaV3. Polyak and Juditsky, "Acceleration of stochastic approximation by
/// averaging", 1992.
class WeightAverage {
 public:
  /// \param weights  share memory with the model
  /// \param decay    d; 0: no average is kept
  WeightAverage(const NamedTensors& weights, double decay, bool warmup) : decay_(decay), warmup_(warmup) {
    if (decay == 0) return;
    weights_ = weights;
    for (const auto& [name, tensor] : weights) average_.emplace_back(name, tensor.clone());
  }

  /// After a step. \param step  from 1
  void update(std::int64_t step) {
    const at::NoGradGuard no_gradient;
    const double decay = warmup_ ? std::min(decay_, 1 - std::pow(static_cast<double>(step), -2.0 / 3)) : decay_;
    for (std::size_t i = 0; i < average_.size(); ++i) {
      at::Tensor& average = average_[i].second;
      const at::Tensor& weight = weights_[i].second;
      average.is_floating_point() ? average.lerp_(weight, 1 - decay) : average.copy_(weight);
    }
  }

  /// Sharing memory; empty where no average is kept.
  const NamedTensors& state() const { return average_; }

  /// Weights and average change places.
  void exchange() {
    const at::NoGradGuard no_gradient;
    for (std::size_t i = 0; i < average_.size(); ++i) {
      const at::Tensor weight = weights_[i].second.clone();
      weights_[i].second.copy_(average_[i].second);
      average_[i].second.copy_(weight);
    }
  }

 private:
  double decay_;
  bool warmup_;
  NamedTensors weights_, average_;
};

/// While it lives, a model has its averaged weights.
class AveragedWeights {
 public:
  explicit AveragedWeights(WeightAverage& average) : average_(average) { average_.exchange(); }
  AveragedWeights(const AveragedWeights&) = delete;
  AveragedWeights& operator=(const AveragedWeights&) = delete;
  ~AveragedWeights() { average_.exchange(); }

 private:
  WeightAverage& average_;
};

}  // namespace tagger
