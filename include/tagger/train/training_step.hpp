#pragma once

#include <cmath>
#include <cstdint>
#include <limits>
#include <string>
#include <utility>

#include <torch/utils.h>

#include <tagger/error.hpp>
#include <tagger/head/logits.hpp>
#include <tagger/loader/batch.hpp>
#include <tagger/model/arithmetic.hpp>
#include <tagger/model/memory_format.hpp>
#include <tagger/model/tagger.hpp>
#include <tagger/random.hpp>
#include <tagger/train/adam.hpp>
#include <tagger/train/fit_options.hpp>

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
        adam_((to_channels_last(model), trained(model)), options.adam) {}

  /// \param step  how many were taken before
  /// \throws Error when the loss is not finite
  StepResult operator()(const Batch& batch, std::int64_t step) {
    // Dropout draws from torch's generator: what it draws must depend on the step alone, so that a resumed run agrees.
    torch::manual_seed(Random(options_.seed, static_cast<std::uint64_t>(step), dropout_stream).bits64());
    Targets targets = as_targets(batch.labels);
    targets.values = targets.values.to(device_);
    if (targets.known.defined()) targets.known = targets.known.to(device_);
    const auto [logits, loss] = [&] {
      const Autocast autocast(options_.arithmetic, device_.type());
      const Logits logits = model_.forward(batch.images.to(device_), batch.features);
      return std::pair{logits, model_.loss()(logits, targets)};
    }();
    const double value = loss.template item<float>();
    if (!std::isfinite(value)) {
      throw Error("the loss is not a finite number at step " + std::to_string(step + 1) +
                  ": try a smaller learning rate; the last checkpoint is as it was");
    }
    adam_.zero_gradients();
    loss.backward();
    adam_.step();
    return {logits, value};
  }

  /// What the optimizer remembers, sharing memory with it.
  NamedTensors state() const { return adam_.state(); }

 private:
  static constexpr std::uint64_t dropout_stream = std::numeric_limits<std::uint64_t>::max() - 1;

  static NamedTensors trained(const Model& model) {
    NamedTensors parameters;
    for (const auto& parameter : model.named_parameters()) parameters.emplace_back(parameter.key(), parameter.value());
    return parameters;
  }

  Model& model_;
  const FitOptions& options_;
  at::Device device_;
  Adam adam_;
};

}  // namespace tagger
