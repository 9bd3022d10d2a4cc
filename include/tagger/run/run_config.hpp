#pragma once

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <string>
#include <utility>
#include <vector>

#include <tagger/error.hpp>
#include <tagger/file.hpp>
#include <tagger/report/json_value.hpp>
#include <tagger/weights/hub_config.hpp>
#include <tagger/weights/hub_folder.hpp>

namespace tagger {

/// What one must know to use a run's weights: `config.json` in the layout of timm's hub folders, so that timm opens the
/// run, and under "tagger" what timm has no word for.
struct RunConfig {
  HubConfig hub{};
  std::string head = "linear";  ///< policies in words, NAME[:FIELD=VALUE]...
  std::string activation = "sigmoid";
  std::string loss = "binary_cross_entropy";
  double threshold = 0.5;            ///< above which score a label is predicted
  std::vector<double> thresholds{};  ///< of each label, in place of `threshold`; empty: the same for all
};

inline Json to_json(const RunConfig& config) {
  const TransformOptions& transform = config.hub.transform;
  HubConfig hub = config.hub;
  if (transform.crop_mode == CropMode::pad) hub.transform.crop_mode = CropMode::center;  // what timm makes of it
  Json json = to_json(hub);
  json["tagger"] = {{"head", config.head},
                    {"activation", config.activation},
                    {"loss", config.loss},
                    {"threshold", config.threshold},
                    {"crop_mode", crop_mode_name(transform.crop_mode)},
                    {"padding", transform.padding},
                    {"channels", channel_order_name(transform.channels)}};
  if (!config.thresholds.empty()) json["tagger"]["thresholds"] = config.thresholds;
  return json;
}

namespace detail {

/// What timm has no word for. \throws DataError
inline void read_own_words(const JsonValue& own, RunConfig& config) {
  TransformOptions& transform = config.hub.transform;
  config.head = own["head"].text();
  config.activation = own["activation"].text();
  config.loss = own["loss"].text();
  const auto finite = [](const JsonValue& json) {
    const double value = json.number();
    if (!std::isfinite(value)) json.fail("is no finite number");
    return value;
  };
  config.threshold = finite(own["threshold"]);
  if (const auto thresholds = own.find("thresholds")) {
    for (const auto& each : thresholds->elements()) config.thresholds.push_back(finite(each));
    if (config.thresholds.size() != config.hub.labels.size()) thresholds->fail("is not a number for each label");
  }
  const auto named = [&](const char* key, auto& option, auto&& look_up) {
    const JsonValue name = own[key];
    try {
      option = look_up(name.text());
    } catch (const OptionError& error) {
      name.fail(error.what());
    }
  };
  named("crop_mode", transform.crop_mode, crop_mode_named);
  named("channels", transform.channels, channel_order_named);
  const JsonValue padding = own["padding"];
  const auto colour = padding.elements();
  if (colour.size() != 3) padding.fail("has not three values");
  for (std::size_t c = 0; c < 3; ++c) {
    const auto value = colour[c].integer();
    if (value < 0 || value > 255) padding.fail("has a value that is not between 0 and 255");
    transform.padding[c] = static_cast<std::uint8_t>(value);
  }
}

}  // namespace detail

/// Reads the config.json of a run; of a folder of timm's hub or a WD tagger's too, whose classifier is a linear layer
/// on what the network pools, with a sigmoid.
/// \throws FileError, DataError that names the file and the place in it
inline RunConfig read_run_config(const std::filesystem::path& folder) {
  const auto path = folder / "config.json";
  const Json json = read_json(path);
  const JsonValue root{json, path};
  RunConfig config;
  if (const auto own = root.find("tagger")) {
    config.hub = read_hub_config(root);
    if (config.hub.labels.empty()) {
      throw DataError(path, "label_names", "is empty: a tagger needs at least one label");
    }
    detail::read_own_words(*own, config);
  } else {
    HubFolder hub = read_hub_folder(folder);
    config.hub = std::move(hub.config);
    config.head = "linear:dropout=0";
    config.thresholds = std::move(hub.thresholds);
  }
  return config;
}

/// Writes to `path`, whole or not at all. \throws FileError
inline void write_run_config(const std::filesystem::path& path, const RunConfig& config) {
  write_file(path, dump_json(to_json(config), 2) + "\n");
}

}  // namespace tagger
