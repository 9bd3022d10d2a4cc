#pragma once

#include <filesystem>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include <tagger/cli/option_set.hpp>
#include <tagger/closest_name.hpp>
#include <tagger/error.hpp>
#include <tagger/file.hpp>
#include <tagger/json.hpp>

namespace tagger {

namespace detail {

inline std::string config_text(const Json& value, const OptionEntry& entry) {
  switch (entry.config_type) {
    case ConfigType::boolean:
      if (value.is_boolean()) return value.get<bool>() ? "true" : "false";
      throw OptionError(std::string("needs true or false, found ") + value.type_name());
    case ConfigType::number:
      if (value.is_number()) return value.dump();
      throw OptionError(std::string("needs a number, found ") + value.type_name());
    case ConfigType::text:
      if (value.is_string()) return value.get<std::string>();
      throw OptionError(std::string("needs a string, found ") + value.type_name());
  }
  throw OptionError("has no type");
}

inline std::vector<std::string> config_texts(const Json& value, const OptionEntry& entry) {
  if (!entry.repeatable || !value.is_array()) return {config_text(value, entry)};
  std::vector<std::string> texts;
  for (const auto& each : value) texts.push_back(config_text(each, entry));
  return texts;
}

/// A JSON object without repeated keys.
inline Json parse_config(const std::filesystem::path& path) {
  const auto bytes = read_file(path);
  const auto* text = reinterpret_cast<const char*>(bytes.data());
  std::set<std::string> keys;
  const auto refuse_repeated = [&](int depth, Json::parse_event_t event, Json& parsed) {
    if (depth == 1 && event == Json::parse_event_t::key) {
      const auto key = parsed.get<std::string>();
      if (!keys.insert(key).second) throw OptionError(path, key, "stands there twice");
    }
    return true;
  };
  try {
    auto config = Json::parse(text, text + bytes.size(), refuse_repeated);
    if (!config.is_object()) {
      throw OptionError(path, "", "needs a JSON object of options, for example {\"batch-size\": 16}");
    }
    return config;
  } catch (const Json::exception& error) {
    const std::string message = error.what();
    throw OptionError(path, "", "is not valid JSON: " + message.substr(message.find("] ") + 2));
  }
}

}  // namespace detail

/// Fills the options that the command line has not given from a JSON object: `{"batch-size": 16, "freeze-backbone":
/// true}`. Keys are option names without dashes; positional arguments stay on the command line.
/// \throws OptionError naming file and key for an unknown key, a wrong type or an invalid value; FileError
inline void read_config(const std::filesystem::path& path, OptionSet& set) {
  const auto config = detail::parse_config(path);
  for (const auto& [key, value] : config.items()) {
    OptionEntry* entry = set.find(key);
    if (entry == nullptr) {
      std::vector<std::string> names;
      for (const auto& each : set.entries()) {
        if (!each.is_positional()) names.push_back(each.name);
      }
      throw OptionError(path, "", unknown_name_message("option", key, names));
    }
    try {
      const auto texts = detail::config_texts(value, *entry);
      if (entry->given) continue;  // checked, but overruled
      entry->assign(texts);
      entry->given = true;
    } catch (const OptionError& error) {
      throw OptionError(path, key, value.dump() + " " + error.what());
    }
  }
}

}  // namespace tagger
