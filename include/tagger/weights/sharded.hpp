#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <system_error>

#include <tagger/error.hpp>
#include <tagger/report/json_value.hpp>
#include <tagger/weights/state_dict.hpp>

namespace tagger::detail {

/// Reads weights that are cut into several files, from the index that Hugging Face's libraries write beside them:
/// `{"metadata": {...}, "weight_map": {"conv1.weight": "model-00001-of-00002.safetensors", ...}}`. The index and the
/// shards must agree about every tensor. Shards lie beside the index: a name that leads elsewhere is refused.
/// \param read_shard  reads one of them; it must know no indices, lest one leads to itself
/// \throws FileError, DataError, WeightsError
StateDict read_sharded(const std::filesystem::path& path, auto&& read_shard) {
  const Json json = read_json(path);
  if (!json.is_object() || !json.contains("weight_map")) {
    throw WeightsError(path, "",
                       "it is JSON, but no index of weights in several files: it has no weight_map. A folder's weights "
                       "are in model.safetensors");
  }
  const auto weight_map = JsonValue{json, path}["weight_map"].members();
  std::map<std::string, std::string> places;  // of each tensor
  std::map<std::string, StateDict> shards;
  for (const auto& [name, shard] : weight_map) {
    const std::string file = shard.text();
    const std::string place = "weight_map." + name;
    if (file.empty() || file == "." || file == ".." || file.find('/') != std::string::npos) {
      throw WeightsError(path, place, '"' + file + "\" is not the name of a file beside the index");
    }
    std::error_code error;
    if (shards.try_emplace(file).second && !std::filesystem::exists(path.parent_path() / file, error)) {
      throw WeightsError(path, place, file + " is missing: was all of it downloaded?");
    }
    places.emplace(name, file);
  }

  StateDict state;
  state.source = path;
  state.notes.push_back("read from " + std::to_string(shards.size()) + " files of " + path.filename().string());
  for (auto& [file, shard] : shards) {
    shard = read_shard(path.parent_path() / file);
    for (const auto& [name, tensor] : shard) {
      const auto place = places.find(name);
      if (place == places.end()) throw WeightsError(shard.source, name, path.filename().string() + " does not list it");
      if (place->second != file) {
        throw WeightsError(shard.source, name, path.filename().string() + " has it in " + place->second);
      }
    }
    state.metadata.merge(shard.metadata);
  }
  for (const auto& [name, shard] : weight_map) {
    const auto* tensor = shards.at(shard.text()).find(name);
    if (tensor == nullptr) throw WeightsError(path, "weight_map." + name, shard.text() + " does not have it");
    state.add(name, *tensor);
  }
  return state;
}

}  // namespace tagger::detail
