#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <ATen/Context.h>
#include <ATen/ops/cat.h>
#include <ATen/ops/tensor.h>
#include <torch/nn/module.h>

#include <tagger/error.hpp>
#include <tagger/head/logits.hpp>
#include <tagger/loader/batch.hpp>
#include <tagger/loader/mixing.hpp>
#include <tagger/model/autocast.hpp>
#include <tagger/model/memory_format.hpp>
#include <tagger/model/tagger.hpp>
#include <tagger/named_tensors.hpp>
#include <tagger/optimizer/gradient_norm.hpp>
#include <tagger/optimizer/layer_options.hpp>
#include <tagger/optimizer/parameter_groups.hpp>
#include <tagger/random.hpp>
#include <tagger/train/fit_options.hpp>
#include <tagger/train/frozen_layers.hpp>
#include <tagger/train/worst_nearby.hpp>

namespace tagger {

/// What a batch's forward pass gave, before the step that followed from it.
struct StepResult {
  Logits logits;
  double loss = 0;
};

/// One batch, one step of the optimizer.
template <AnyTaggerType Model>
class TrainingStep {
 public:
  /// Lays out the model's weights for training. All must outlive this.
  TrainingStep(Model& model, const FitOptions& options)
      : model_(model),
        options_(options),
        device_(model.parameters().front().device()),
        frozen_(model.backbone(), options.layers.frozen_layers),
        groups_((to_channels_last(model), trained(model, options.layers)), options.optimizer) {}

  /// Sets the model to train.
  void begin() {
    model_.train();
    frozen_.hold();
  }

  /// \param step  how many were taken before
  /// \throws Error when the loss is not finite
  StepResult operator()(const Batch& batch, std::int64_t step, const StepSize& size) {
    const std::vector<Part> parts = split(batch, step);
    const StepResult result = gradients(parts, step);
    if (options_.sam_rho > 0) {
      const WorstNearby nearby(groups_.parameters(), groups_.gradients(), options_.sam_rho, model_.buffers());
      gradients(parts, step);
    }
    if (options_.clip_gradients > 0) clip_gradients(groups_.gradients(), options_.clip_gradients);
    groups_.step(size);
    return result;
  }

  /// What the optimizer remembers, sharing memory with it.
  NamedTensors state() const { return groups_.state(); }

 private:
  static constexpr std::uint64_t dropout_stream = std::numeric_limits<std::uint64_t>::max() - 1;

  /// Pictures that go through the network together.
  struct Part {
    at::Tensor images;
    std::optional<FeatureKind> features;
    Targets targets;
    double share;  ///< of the batch
  };

  static std::vector<TrainedParameter> trained(Model& model, const LayerOptions& options) {
    const auto named = [](const torch::nn::Module& module) {
      NamedTensors parameters;
      for (const auto& each : module.named_parameters()) parameters.emplace_back(each.key(), each.value());
      return parameters;
    };
    return trained_parameters(named(model.backbone()), named(model.head()), options);
  }

  /// The batch, mixed if it is to be, in parts of equal size, if possible; never of one picture, which batch
  /// normalisation cannot take, unless all are.
  std::vector<Part> split(const Batch& batch, std::int64_t step) const {
    const std::int64_t size = batch.size(), largest = (options_.batch_size - 1) / options_.accumulate + 1;
    const std::int64_t wanted = (size - 1) / largest + 1;
    const std::int64_t count = largest == 1 ? wanted : std::clamp<std::int64_t>(size / 2, 1, wanted);
    Targets own = as_targets(batch.labels);
    own.pictures = at::tensor(batch.indices, at::kLong);
    Random random = mixing_random(options_.seed, static_cast<std::uint64_t>(step));
    const auto [images, targets] = mix(on_device(batch.images, device_), own, options_.mixing, random);
    std::vector<Part> parts;
    for (std::int64_t i = 0; i < count; ++i) {
      const std::int64_t begin = i * size / count, end = (i + 1) * size / count;
      const auto rows = [&, device = device_](const at::Tensor& all) {
        return all.defined() ? all.slice(0, begin, end).to(device) : all;
      };
      parts.push_back({.images = images.slice(0, begin, end),
                       .features = batch.features,
                       .targets = {.values = rows(targets.values),
                                   .known = rows(targets.known),
                                   .pictures = rows(targets.pictures)},
                       .share = static_cast<double>(end - begin) / static_cast<double>(size)});
    }
    return parts;
  }

  /// The gradients of the loss, summed up over the parts.
  StepResult gradients(const std::vector<Part>& parts, std::int64_t step) {
    // Dropout draws from torch's generator: what it draws must depend on the step alone, so that a resumed run agrees.
    at::manual_seed(Random(options_.seed, static_cast<std::uint64_t>(step), dropout_stream).bits64());
    groups_.zero_gradients();
    std::vector<at::Tensor> logits, losses;
    for (const Part& part : parts) {
      at::Tensor loss;
      {
        const Autocast autocast(options_.arithmetic, device_.type());
        const Logits found = model_.forward(part.images, part.features);
        loss = model_.loss()(found, part.targets);
        logits.push_back(found.values.detach());
      }
      (parts.size() == 1 ? loss : loss.mul(part.share)).backward();
      losses.push_back(loss.detach());
    }
    double sum = 0;
    for (std::size_t i = 0; i < parts.size(); ++i) {  // not before: to read a number waits for a GPU
      const double value = losses[i].item<float>();
      if (!std::isfinite(value)) {
        throw Error("the loss is not a finite number at step " + std::to_string(step + 1) +
                    ": try a smaller learning rate; the last checkpoint is as it was");
      }
      sum += value * parts[i].share;
    }
    return {.logits = {logits.size() == 1 ? logits.front() : at::cat(logits)}, .loss = sum};
  }

  Model& model_;
  const FitOptions& options_;
  at::Device device_;
  FrozenLayers frozen_;
  ParameterGroups groups_;
};

}  // namespace tagger
