#pragma once

#include <tagger/cli/option_set.hpp>
#include <tagger/cli/policy_value.hpp>
#include <tagger/loader/mix_targets.hpp>
#include <tagger/optimizer/any_optimizer.hpp>
#include <tagger/policy_list.hpp>
#include <tagger/sampler/any_sampler.hpp>
#include <tagger/schedule/any_schedule.hpp>
#include <tagger/train/fit_options.hpp>

namespace tagger {

/// The options of a program for what a FitOptions has, but those of MachineOptions.
inline void describe_training(OptionSet& set, FitOptions& fit) {
  set.section("Training");
  set.option("epochs", fit.epochs, "N", "passes over the training pictures; 0 makes a run of the weights as they are")
      .at_least(0);
  set.option("batch-size", fit.batch_size, "N", "pictures a step").at_least(1);
  set.option("accumulate", fit.accumulate, "N", "parts that go through the network one by one, to save memory")
      .at_least(1);
  set.option("optimizer", fit.optimizer, "NAME", "for example sgd:momentum=0.9").listing(policy_names<Optimizers>());
  set.option("learning-rate", fit.learning_rate, "RATE", "of the optimizer, the highest that the schedule gives")
      .above(0);
  set.option("schedule", fit.schedule, "NAME", "the learning rate over time").listing(policy_names<Schedules>());
  set.option("warmup-epochs", fit.warmup_epochs, "N",
             "before the schedule, parts of one too: the rate grows from a hundredth")
      .at_least(0);
  set.option("backbone-rate", fit.layers.backbone_rate, "PART", "learning rate of the backbone, in parts of the head's")
      .at_least(0);
  set.option("layer-decay", fit.layers.layer_decay, "PART", "learning rate of a layer, in parts of the one above's")
      .between(0, 1);
  set.option("frozen-layers", fit.layers.frozen_layers, "N", "layers, from the pictures up, that stay as they are")
      .at_least(0);
  set.flag("decay-norms-and-biases", fit.layers.decay_norms_and_biases, "weight decay has a part in these, too");
  set.option("sampler", fit.sampler, "NAME", "which pictures an epoch shows, for example repeat_factor:threshold=0.01")
      .listing(policy_names<Samplers>());
  set.option("mixup", fit.mixing.mixup, "ALPHA",
             "mixes pictures of a batch by a weight from Beta(alpha, alpha); 0: not")
      .at_least(0);
  set.option("cutmix", fit.mixing.cutmix, "ALPHA", "puts a part of one into the other instead; 0: not").at_least(0);
  set.option("mixing-probability", fit.mixing.probability, "P", "that a batch is mixed, by either").between(0, 1);
  set.option("cutmix-share", fit.mixing.cutmix_share, "PART", "of the mixed batches, CutMix's where both are on")
      .between(0, 1);
  set.choice("mixed-labels", fit.mixing.labels, mixed_labels_names,
             "what a mixture has: share: both pictures' by weight; unite: what either has");
  set.option("clip-gradients", fit.clip_gradients, "NORM", "their norm is at most this; 0: any").at_least(0);
  set.option("ema-decay", fit.ema_decay, "DECAY", "evaluates and saves averaged weights; 0: the last")
      .between(0, 0.999999);
  set.flag("ema-warmup", fit.ema_warmup, "the decay grows to that value");
  set.option("sam-rho", fit.sam_rho, "RADIUS", "sharpness-aware minimisation: two passes a step; 0: without")
      .at_least(0);
  set.option("seed", fit.seed, "N", "of first weights, order, augmentation and dropout");
  set.option("threshold", fit.threshold, "T", "a label is predicted where its score is above")
      .default_text("what the loss implies: 0.5 for probabilities");
  set.option("evaluate-every", fit.evaluate_every, "STEPS", "score the validation set so often; 0: after epochs only")
      .at_least(0);
  set.option("select-by", fit.select_by, "METRIC", "decides which epoch is best").default_text("macro/f1");
  set.option("patience", fit.patience, "EPOCHS", "ends training after so many without a better one; 0: never")
      .at_least(0);
}

}  // namespace tagger
