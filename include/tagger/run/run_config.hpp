#pragma once

#include <algorithm>
#include <charconv>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>
#include <vector>

#include <tagger/calibration/calibration.hpp>
#include <tagger/calibration/calibration_json.hpp>
#include <tagger/error.hpp>
#include <tagger/file.hpp>
#include <tagger/report/json_value.hpp>
#include <tagger/threshold/chosen_on.hpp>
#include <tagger/threshold/decision.hpp>
#include <tagger/threshold/decision_json.hpp>
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
  std::optional<Calibration> calibration{};  ///< what scores go through before all else
  Decision decision{};                       ///< which labels are then predicted
  std::string rule{};                        ///< what `decision` was chosen by, NAME[:FIELD=VALUE]...; empty: no rule
  std::optional<ChosenOn> chosen_on{};       ///< the pictures that calibration and decision were chosen on
};

namespace detail {

/// \param sketch  sixteen digits a hash, which JSON's numbers would round
inline Json chosen_on_json(const ChosenOn& chosen) {
  std::string sketch;
  for (const std::uint64_t hash : chosen.sketch) {
    for (int shift = 60; shift >= 0; shift -= 4) sketch += "0123456789abcdef"[hash >> shift & 15];
  }
  return {{"annotations", chosen.annotations}, {"pictures", chosen.pictures}, {"sketch", std::move(sketch)}};
}

/// \throws DataError
inline ChosenOn chosen_on_from_json(const JsonValue& json) {
  ChosenOn chosen{.annotations = json["annotations"].text(), .pictures = json["pictures"].integer(), .sketch = {}};
  const JsonValue sketch = json["sketch"];
  const std::string digits = sketch.text();
  for (std::size_t i = 0; i < digits.size(); i += 16) {
    const std::string_view word = std::string_view(digits).substr(i, 16);
    std::uint64_t hash = 0;
    const auto [end, error] = std::from_chars(word.data(), word.data() + word.size(), hash, 16);
    if (error != std::errc{} || end != word.data() + 16) sketch.fail("is not sixteen digits a picture");
    chosen.sketch.push_back(hash);
  }
  return chosen;
}

}  // namespace detail

inline Json to_json(const RunConfig& config) {
  const TransformOptions& transform = config.hub.transform;
  HubConfig hub = config.hub;
  if (transform.crop_mode == CropMode::pad) hub.transform.crop_mode = CropMode::center;  // what timm makes of it
  Json json = to_json(hub);
  json["tagger"] = {{"head", config.head},          {"activation", config.activation},
                    {"loss", config.loss},          {"crop_mode", crop_mode_name(transform.crop_mode)},
                    {"padding", transform.padding}, {"channels", channel_order_name(transform.channels)}};
  Json& own = json["tagger"];
  write_decision(own, config.decision, config.hub.labels);
  if (config.calibration) own["calibration"] = to_json(*config.calibration);
  if (!config.rule.empty()) own["rule"] = config.rule;
  if (config.chosen_on) own["chosen_on"] = detail::chosen_on_json(*config.chosen_on);
  return json;
}

namespace detail {

/// What timm has no word for. \throws DataError
inline void read_own_words(const JsonValue& own, RunConfig& config) {
  TransformOptions& transform = config.hub.transform;
  config.head = own["head"].text();
  config.activation = own["activation"].text();
  config.loss = own["loss"].text();
  config.decision = read_decision(own, config.hub.labels);
  if (const auto calibration = own.find("calibration")) {
    config.calibration = calibration_from_json(*calibration, config.hub.labels.size());
  }
  if (const auto rule = own.find("rule")) config.rule = rule->text();
  if (const auto chosen = own.find("chosen_on")) config.chosen_on = chosen_on_from_json(*chosen);
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
    config.decision.thresholds.assign(hub.thresholds.begin(), hub.thresholds.end());
  }
  return config;
}

/// Writes to `path`, whole or not at all. \throws FileError
inline void write_run_config(const std::filesystem::path& path, const RunConfig& config) {
  write_file(path, dump_json(to_json(config), 2) + "\n");
}

/// Writes what `config` says under "tagger", and the labels' names, into the config.json that is in `folder`, whole or
/// not at all. All else stays as it is: a folder of timm's hub or a WD tagger's remains what it was to others.
/// \throws FileError, DataError
inline void update_run_config(const std::filesystem::path& folder, const RunConfig& config) {
  const auto path = folder / "config.json";
  Json json = read_json(path);
  Json ours = to_json(config);
  json["label_names"] = std::move(ours["label_names"]);
  json["tagger"] = std::move(ours["tagger"]);
  write_file(path, dump_json(json, 2) + "\n");
}

}  // namespace tagger
