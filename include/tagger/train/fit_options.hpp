#pragma once

#include <algorithm>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>

#include <tagger/configurable.hpp>
#include <tagger/error.hpp>
#include <tagger/loader/mixing.hpp>
#include <tagger/metrics/evaluation.hpp>
#include <tagger/model/arithmetic.hpp>
#include <tagger/optimizer/any_optimizer.hpp>
#include <tagger/optimizer/layer_options.hpp>
#include <tagger/sampler/any_sampler.hpp>
#include <tagger/schedule/any_schedule.hpp>

namespace tagger {

/// How to train. The defaults are the published NUS-WIDE recipe's.
struct FitOptions {
  std::int64_t epochs = 35;
  std::int64_t batch_size = 32;
  std::int64_t accumulate = 1;  ///< parts of a batch that go through the network one by one; their gradients add up
  int workers = 2;              ///< threads that decode; what comes out does not depend on it
  AnyOptimizer optimizer = Adam{};
  double learning_rate = 1e-4;  ///< the highest that the schedule gives
  AnySchedule schedule = Constant{};
  double warmup_epochs = 0;  ///< before the schedule, parts of one too: see Warmup
  LayerOptions layers{};
  AnySampler sampler = UniformSampler{};  ///< which pictures an epoch shows, and how often
  MixingOptions mixing{};                 ///< of the pictures of a batch
  double clip_gradients = 0;              ///< their norm is at most this; 0: any
  double ema_decay = 0;                   ///< of the averaged weights, which are evaluated and saved; 0: no average
  bool ema_warmup = false;                ///< the decay grows to `ema_decay`: see WeightAverage
  double sam_rho = 0;                     ///< radius of sharpness-aware minimisation: see WorstNearby; 0: without
  std::uint64_t seed = 2020;              ///< of order, augmentation and dropout
  std::int64_t evaluate_every = 200;      ///< steps between evaluations of the test set within an epoch; 0: never
  std::optional<double> threshold{};      ///< a label is predicted where its score is above; empty: see threshold_for()
  Arithmetic arithmetic = Arithmetic::float32;
  std::string select_by{};              ///< the metric that decides which epoch is best; empty: macro/f1 or the last
  std::int64_t patience = 0;            ///< epochs without a better one after which training ends; 0: all epochs
  std::filesystem::path checkpoints{};  ///< folder; empty: keep none
  int keep_checkpoints = 2;             ///< of the latest; the best one is kept besides
  bool resume = false;                  ///< go on from the latest checkpoint, if there is one
  bool fail_on_broken = false;          ///< throw at the first picture that cannot be read
  std::function<bool()> stop{};         ///< asked after every batch; true ends the training with a checkpoint
  std::function<void(const Evaluation&)> on_best{};  ///< called when the model as it stands is the best so far
};

/// \throws OptionError for values that no training with epochs of `pictures` pictures can have
inline void check_fit_options(const FitOptions& options, std::int64_t pictures) {
  const auto refuse_if = [](bool refused, const std::string& why) {
    if (refused) throw OptionError(why);
  };
  refuse_if(options.epochs < 0, "the number of epochs must not be negative");
  refuse_if(options.evaluate_every < 0, "the steps between evaluations must not be negative");
  refuse_if(options.epochs > 0 && options.batch_size > pictures,
            "the batch size " + std::to_string(options.batch_size) + " exceeds the " + std::to_string(pictures) +
                " training pictures, and a short batch is dropped");
  refuse_if(options.accumulate < 1 || (options.batch_size > 0 && options.accumulate > options.batch_size),
            "a batch of " + std::to_string(options.batch_size) + " pictures cannot be taken in " +
                std::to_string(options.accumulate) + " parts");
  refuse_if(!(options.learning_rate > 0), "the learning rate must be above 0");
  refuse_if(!(options.warmup_epochs >= 0), "the warm-up epochs must not be negative");
  refuse_if(options.epochs > 0 && options.warmup_epochs >= static_cast<double>(options.epochs),
            "a warm-up of " + detail::number_text(options.warmup_epochs) + " epochs leaves nothing of a training of " +
                std::to_string(options.epochs));
  refuse_if(!(options.layers.backbone_rate >= 0), "the backbone's part of the learning rate must not be negative");
  refuse_if(!(options.layers.layer_decay > 0 && options.layers.layer_decay <= 1),
            "the layer decay must be above 0 and at most 1");
  check_mixing(options.mixing);
  refuse_if(!(options.clip_gradients >= 0), "the norm to which gradients are clipped must not be negative");
  refuse_if(!(options.ema_decay >= 0 && options.ema_decay < 1), "the decay of averaged weights must be in [0, 1)");
  refuse_if(options.ema_warmup && options.ema_decay == 0, "a warm-up of averaged weights needs their decay");
  refuse_if(!(options.sam_rho >= 0), "the radius of sharpness-aware minimisation must not be negative");
  refuse_if(options.patience < 0, "the patience must not be negative");
}

}  // namespace tagger
