#pragma once

#include <cstdint>
#include <span>
#include <string>
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
  Json settings{{"backbone", model.backbone().spec().name},
                {"drop-path rate", drop_path_of(model.backbone())},
                {"head", text_of(model.head())},
                {"activation", text_of(model.activation())},
                {"loss", text_of(model.loss())},
                {"labels", model.labels()},
                {"training pictures", train.size()},
                {"test pictures", test.size()},
                {"checksum of the training annotations", annotations_checksum(train.annotations)},
                {"checksum of the test annotations", annotations_checksum(test.annotations)},
                {"picture size", {train.transform.width(), train.transform.height()}},
                {"fingerprint of the training transform", fingerprint(train.transform)},
                {"fingerprint of the test transform", fingerprint(test.transform)},
                {"mean", train.transform.normalize().mean},
                {"std", train.transform.normalize().std},
                {"background", train.decode.background},
                {"pixel limit", train.decode.max_pixels},
                {"batch size", options.batch_size},
                {"accumulated parts", options.accumulate},
                {"optimizer", options.optimizer.chosen()},
                {"learning rate", options.learning_rate},
                {"schedule", options.schedule.chosen()},
                {"warm-up epochs", options.warmup_epochs},
                {"backbone's part of the learning rate", options.layers.backbone_rate},
                {"layer decay", options.layers.layer_decay},
                {"frozen layers", options.layers.frozen_layers},
                {"weight decay on norms and biases", options.layers.decay_norms_and_biases},
                {"sampler", options.sampler.chosen()},
                {"MixUp", options.mixing.mixup},
                {"CutMix", options.mixing.cutmix},
                {"share of mixed batches", options.mixing.probability},
                {"CutMix's share of them", options.mixing.cutmix_share},
                {"labels of mixtures", mixed_labels_names[static_cast<std::size_t>(options.mixing.labels)]},
                {"norm to which gradients are clipped", options.clip_gradients},
                {"decay of averaged weights", options.ema_decay},
                {"warm-up of averaged weights", options.ema_warmup},
                {"radius of sharpness-aware minimisation", options.sam_rho},
                {"seed", options.seed},
                {"steps between evaluations", options.evaluate_every},
                {"threshold", options.threshold ? Json(*options.threshold) : Json(nullptr)},
                {"metric that selects", options.select_by},
                {"threads", at::get_num_threads()},
                {"device", c10::DeviceTypeName(model.parameters().front().device().type(), /*lower_case=*/true)},
                {"precision", arithmetic_name(options.arithmetic)},
                {"frozen backbone", model.backbone_frozen()}};
  if (options.schedule.needs_length()) settings["epochs"] = options.epochs;
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
