#pragma once

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include <tagger/error.hpp>
#include <tagger/image/transform_options.hpp>
#include <tagger/report/json_value.hpp>
#include <tagger/weights/timm_variants.hpp>

namespace tagger {

/// What the `config.json` of a timm hub folder says of the network beside it.
struct HubConfig {
  std::string backbone{};     ///< our name for its architecture and model_args
  std::int64_t features = 0;  ///< what its classifier sees; 0 where that is not said
  bool fixed_size = false;    ///< the network is made for pictures of transform.size, as transformers are
  std::int64_t classes = 0;
  std::vector<std::string> labels{};  ///< empty where it names none
  TransformOptions transform{};
  std::string first_conv{}, classifier{};  ///< keys of layers; empty where there are several
};

namespace detail {

/// Three finite numbers. \throws DataError
inline std::array<float, 3> three_numbers(const JsonValue& json) {
  const auto values = json.elements();
  if (values.size() != 3) json.fail("has not three values");
  std::array<float, 3> numbers{};
  for (std::size_t i = 0; i < 3; ++i) numbers[i] = static_cast<float>(values[i].number());
  if (!std::ranges::all_of(numbers, [](float number) { return std::isfinite(number); })) {
    json.fail("has a value that is no number");
  }
  return numbers;
}

/// How pictures become the network's input: what pretrained_cfg leaves out has timm's defaults. \throws DataError
inline TransformOptions read_transform(const JsonValue& pretrained) {
  TransformOptions options{.interpolation = Interpolation::bicubic, .crop_mode = CropMode::center, .crop = 0.875};
  const JsonValue input_size = pretrained["input_size"];
  const auto sizes = input_size.elements();
  if (sizes.size() != 3 || sizes[0].integer() != 3 || sizes[1].integer() != sizes[2].integer() ||
      sizes[1].integer() < 1 || sizes[1].integer() > 16384) {
    input_size.fail("is not [3, size, size]");
  }
  options.size = static_cast<int>(sizes[1].integer());
  options.mean = three_numbers(pretrained["mean"]);
  options.std = three_numbers(pretrained["std"]);
  if (!std::ranges::all_of(options.std, [](float value) { return value > 0; })) {
    pretrained["std"].fail("has a value that is not above 0");
  }
  const auto named = [&](const char* key, auto& option, auto&& look_up) {
    const auto name = pretrained.find(key);
    if (!name) return;
    try {
      option = look_up(name->text());
    } catch (const OptionError& error) {
      name->fail(error.what());
    }
  };
  named("interpolation", options.interpolation, interpolation_named);
  named("crop_mode", options.crop_mode, crop_mode_named);
  if (const auto crop = pretrained.find("crop_pct")) {
    options.crop = crop->number();
    if (!(options.crop > 0 && options.crop <= 1)) crop->fail("is not above 0 and at most 1");
  }
  return options;
}

inline std::array<double, 3> short_numbers(const std::array<float, 3>& values) {
  return {short_decimal(values[0]), short_decimal(values[1]), short_decimal(values[2])};
}

}  // namespace detail

/// The config.json with which timm makes the network: `timm.create_model("local-dir:FOLDER", pretrained=True)`. It has
/// no word for the order of channels, and takes CropMode::pad for center.
inline Json to_json(const HubConfig& config) {
  const TransformOptions& transform = config.transform;
  const TimmVariant timm = to_timm(config.backbone);
  Json model_args = Json::parse(timm.model_args);
  if (config.fixed_size) model_args["img_size"] = transform.size;
  Json json{{"architecture", timm.architecture},
            {"num_classes", config.classes},
            {"num_features", config.features},
            {"label_names", config.labels}};
  if (!model_args.empty()) json["model_args"] = std::move(model_args);
  json["pretrained_cfg"] = {{"num_classes", config.classes},
                            {"input_size", {3, transform.size, transform.size}},
                            {"interpolation", interpolation_name(transform.interpolation)},
                            {"crop_pct", transform.crop},
                            {"crop_mode", crop_mode_name(transform.crop_mode)},
                            {"mean", detail::short_numbers(transform.mean)},
                            {"std", detail::short_numbers(transform.std)},
                            {"first_conv", config.first_conv},
                            {"classifier", config.classifier}};
  return json;
}

/// Reads what timm pushes to its hub, or writes with `timm.models.save_for_hf`: a config.json as a whole.
/// \throws DataError that names the place; among them model_args that make a network which we do not have
inline HubConfig read_hub_config(const JsonValue& root) {
  HubConfig config;
  const std::string architecture = root["architecture"].text();
  const auto model_args = root.find("model_args");
  const auto backbone = from_timm(architecture, model_args ? model_args->json() : Json::object());
  if (!backbone) {
    model_args->fail(architecture + " with " + dump_json(model_args->json()) + " is a network that is not known here");
  }
  config.backbone = *backbone;
  if (const auto features = root.find("num_features")) config.features = features->integer();
  config.fixed_size = model_args && model_args->find("img_size");
  const JsonValue pretrained = root["pretrained_cfg"];
  config.transform = detail::read_transform(pretrained);
  // Some networks have several first layers, or classifiers: then it is a list.
  if (const auto key = pretrained.find("first_conv"); key && key->is_text()) config.first_conv = key->text();
  if (const auto key = pretrained.find("classifier"); key && key->is_text()) config.classifier = key->text();
  if (const auto labels = root.find("label_names") ? root.find("label_names") : pretrained.find("label_names")) {
    for (const auto& name : labels->elements()) config.labels.push_back(name.text());
  }
  const JsonValue classes = root.find("num_classes") ? root["num_classes"] : pretrained["num_classes"];
  config.classes = classes.integer();
  if (!config.labels.empty() && config.classes != std::ssize(config.labels)) {
    classes.fail("is not the number of label_names");
  }
  return config;
}

}  // namespace tagger
