#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include <ATen/Parallel.h>
#include <c10/core/DeviceType.h>

#include <tagger/backbone/drop_path.hpp>
#include <tagger/data/annotations.hpp>
#include <tagger/data/label.hpp>
#include <tagger/image/fingerprint.hpp>
#include <tagger/loader/dataset.hpp>
#include <tagger/model/arithmetic.hpp>
#include <tagger/model/tagger.hpp>
#include <tagger/report/crc32c.hpp>
#include <tagger/report/json_value.hpp>
#include <tagger/train/fit_options.hpp>

namespace tagger {

/// A number that other pictures, another order of them or other labels change.
inline std::uint32_t annotations_checksum(const Annotations& annotations) {
  std::string text;
  for (const Sample& sample : annotations.samples()) {
    text += sample.image_name;
    for (const auto* list : {&sample.yes, &sample.unknown}) {
      text += '\0';
      for (const auto label : *list) text += std::to_string(label) + ' ';
    }
    if (sample.rest == Label::no) continue;
    text += "\1";
    for (const auto label : sample.no) text += std::to_string(label) + ' ';
  }
  return crc32c(std::as_bytes(std::span(text)));
}

/// What decides how a training goes, by name: it must be the same when it goes on.
template <AnyTaggerType Model>
Json training_settings(const Model& model, const Dataset& train, const Dataset& test, const FitOptions& options) {
  Json settings;
  // One by one: a list of all in braces is three times the code to compile.
  const auto set = [&](const char* name, Json value) { settings[name] = std::move(value); };
  set("backbone", model.backbone().spec().name);
  set("drop-path rate", drop_path_of(model.backbone()));
  set("head", text_of(model.head()));
  set("activation", text_of(model.activation()));
  set("loss", text_of(model.loss()));
  set("labels", model.labels());
  set("training pictures", train.size());
  set("test pictures", test.size());
  set("checksum of the training annotations", annotations_checksum(train.annotations));
  set("checksum of the test annotations", annotations_checksum(test.annotations));
  set("picture size", {train.transform.width(), train.transform.height()});
  set("fingerprint of the training transform", fingerprint(train.transform));
  set("fingerprint of the test transform", fingerprint(test.transform));
  set("mean", train.transform.normalize().mean);
  set("std", train.transform.normalize().std);
  set("background", train.decode.background);
  set("pixel limit", train.decode.max_pixels);
  set("batch size", options.batch_size);
  set("accumulated parts", options.accumulate);
  set("optimizer", options.optimizer.chosen());
  set("learning rate", options.learning_rate);
  set("schedule", options.schedule.chosen());
  set("warm-up epochs", options.warmup_epochs);
  set("backbone's part of the learning rate", options.layers.backbone_rate);
  set("layer decay", options.layers.layer_decay);
  set("frozen layers", options.layers.frozen_layers);
  set("weight decay on norms and biases", options.layers.decay_norms_and_biases);
  set("sampler", options.sampler.chosen());
  set("MixUp", options.mixing.mixup);
  set("CutMix", options.mixing.cutmix);
  set("share of mixed batches", options.mixing.probability);
  set("CutMix's share of them", options.mixing.cutmix_share);
  set("labels of mixtures", mixed_labels_names[static_cast<std::size_t>(options.mixing.labels)]);
  set("norm to which gradients are clipped", options.clip_gradients);
  set("decay of averaged weights", options.ema_decay);
  set("warm-up of averaged weights", options.ema_warmup);
  set("radius of sharpness-aware minimisation", options.sam_rho);
  set("seed", options.seed);
  set("steps between evaluations", options.evaluate_every);
  set("threshold", options.threshold ? Json(*options.threshold) : Json(nullptr));
  set("metric that selects", options.select_by);
  set("threads", at::get_num_threads());
  set("device", c10::DeviceTypeName(model.parameters().front().device().type(), /*lower_case=*/true));
  set("precision", arithmetic_name(options.arithmetic));
  set("frozen backbone", model.backbone_frozen());
  if (options.schedule.needs_length()) set("epochs", options.epochs);
  return settings;
}

/// "batch size was 8, is 4; labels": what differs; nothing where all is the same.
inline std::string settings_differences(const Json& then, const Json& now) {
  std::string differences;
  for (const auto& [name, value] : now.items()) {
    const auto old = then.find(name);
    if (name == "threads" || name == "device") continue;  // another machine may go on
    if (old != then.end() && *old == value) continue;
    differences += (differences.empty() ? "" : "; ") + name;
    if (name == "labels") continue;  // they may be thousands
    differences += " was " + (old == then.end() ? "not set" : dump_json(*old)) + ", is " + dump_json(value);
  }
  return differences;
}

}  // namespace tagger
