#pragma once

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include <tagger/error.hpp>
#include <tagger/file.hpp>
#include <tagger/image/transform_options.hpp>
#include <tagger/report/json_value.hpp>

namespace tagger {

/// What one must know to use a run's weights: `config.json` in the layout of timm's hub folders, so that timm opens the
/// run, and under "tagger" what timm has no word for.
struct RunConfig {
  std::string architecture{};  ///< the backbone's name
  std::int64_t features = 0;
  std::vector<std::string> labels{};
  int size = 256;  ///< of both sides of a picture, pixels; pictures are squeezed to it
  std::array<float, 3> mean = imagenet_mean;
  std::array<float, 3> std = imagenet_std;
  std::string first_conv = "conv1";
  std::string classifier = "fc";
  std::string head = "linear";
  std::string activation = "sigmoid";
  std::string loss = "binary_cross_entropy";
  double threshold = 0.5;

  TransformOptions transform_options() const { return {.size = size, .mean = mean, .std = std}; }
};

namespace detail {

/// The numbers as a person would write them: 0.485, not 0.48500001430511475.
inline std::array<double, 3> shortest(const std::array<float, 3>& values) {
  std::array<double, 3> numbers{};
  for (std::size_t i = 0; i < values.size(); ++i) {
    std::array<char, 32> text{};
    const auto end = std::to_chars(text.data(), text.data() + text.size(), values[i]).ptr;
    std::from_chars(text.data(), end, numbers[i]);
  }
  return numbers;
}

}  // namespace detail

inline Json to_json(const RunConfig& config) {
  return {{"architecture", config.architecture},
          {"num_classes", config.labels.size()},
          {"num_features", config.features},
          {"label_names", config.labels},
          {"pretrained_cfg",
           {{"num_classes", config.labels.size()},
            {"input_size", {3, config.size, config.size}},
            {"interpolation", "bilinear"},
            {"crop_pct", 1.0},
            {"crop_mode", "squash"},
            {"mean", detail::shortest(config.mean)},
            {"std", detail::shortest(config.std)},
            {"first_conv", config.first_conv},
            {"classifier", config.classifier}}},
          {"tagger",
           {{"head", config.head},
            {"activation", config.activation},
            {"loss", config.loss},
            {"threshold", config.threshold}}}};
}

/// \throws FileError, DataError that names the file and the place in it
inline RunConfig read_run_config(const std::filesystem::path& path) {
  const Json json = read_json(path);
  const JsonValue root{json, path};
  RunConfig config{.architecture = root["architecture"].text(), .features = root["num_features"].integer()};
  for (const auto& name : root["label_names"].elements()) config.labels.push_back(name.text());
  if (root["num_classes"].integer() != std::ssize(config.labels)) {
    throw DataError(path, "num_classes", "is not the number of label_names");
  }
  if (config.labels.empty()) throw DataError(path, "label_names", "is empty: a tagger needs at least one label");
  const JsonValue pretrained = root["pretrained_cfg"];
  const auto sizes = pretrained["input_size"].elements();
  if (sizes.size() != 3 || sizes[0].integer() != 3 || sizes[1].integer() != sizes[2].integer() ||
      sizes[1].integer() < 1 || sizes[1].integer() > 16384) {
    throw DataError(path, "pretrained_cfg.input_size", "is not [3, size, size]");
  }
  config.size = static_cast<int>(sizes[1].integer());
  const auto three = [&](const char* key) {
    const auto values = pretrained[key].elements();
    if (values.size() != 3) throw DataError(path, std::string("pretrained_cfg.") + key, "has not three values");
    return std::array{static_cast<float>(values[0].number()), static_cast<float>(values[1].number()),
                      static_cast<float>(values[2].number())};
  };
  config.mean = three("mean");
  config.std = three("std");
  if (!std::ranges::all_of(config.mean, [](float value) { return std::isfinite(value); })) {
    throw DataError(path, "pretrained_cfg.mean", "has a value that is no number");
  }
  if (!std::ranges::all_of(config.std, [](float value) { return value > 0 && std::isfinite(value); })) {
    throw DataError(path, "pretrained_cfg.std", "has a value that is not above 0");
  }
  config.classifier = pretrained["classifier"].text();
  config.first_conv = pretrained["first_conv"].text();
  const JsonValue own = root["tagger"];
  config.head = own["head"].text();
  config.activation = own["activation"].text();
  config.loss = own["loss"].text();
  config.threshold = own["threshold"].number();
  if (!std::isfinite(config.threshold)) throw DataError(path, "tagger.threshold", "is no finite number");
  return config;
}

/// Writes to `path`, whole or not at all. \throws FileError
inline void write_run_config(const std::filesystem::path& path, const RunConfig& config) {
  write_file(path, dump_json(to_json(config), 2) + "\n");
}

}  // namespace tagger
