#pragma once

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>
#include <vector>

#include <tagger/error.hpp>
#include <tagger/named_tensors.hpp>
#include <tagger/train/training_state.hpp>
#include <tagger/weights/safetensors.hpp>
#include <tagger/weights/tensor.hpp>

namespace tagger {

/// Everything that a training needs to go on as if it had never stopped.
struct Checkpoint {
  TrainingState state;
  Json settings;      ///< what must be the same when it goes on
  StateDict tensors;  ///< model and optimizer
  std::filesystem::path path;
};

/// The checkpoints of a run: `checkpoints/step-000000780.safetensors`, each whole or not there at all, the last few
/// kept, and the best one under the name `best.safetensors`. Python reads them too (safetensors).
class CheckpointFolder {
 public:
  /// \param keep  how many of the latest to keep, at least 1
  CheckpointFolder(std::filesystem::path folder, int keep) : folder_(std::move(folder)), keep_(std::max(keep, 1)) {}

  /// \throws FileError; the checkpoints that were there remain then
  void save(const TrainingState& state, const Json& settings, const NamedTensors& tensors) const {
    std::error_code error;
    std::filesystem::create_directories(folder_, error);
    if (error) throw FileError(folder_, "", "cannot be made: " + error.message());
    StateDict file;
    for (const auto& [name, tensor] : tensors) file.add(name, as_data(tensor));
    file.metadata[state_key] = dump_json(to_json(state));
    file.metadata[settings_key] = dump_json(settings);
    write_safetensors(path_of(state.step), file);
    prune(state.step);
  }

  /// The checkpoint of `step` becomes the best one. \throws FileError
  void mark_best(std::int64_t step) const {
    const auto temporary = folder_ / "best.safetensors.partial";
    std::error_code error;
    std::filesystem::remove(temporary, error);
    std::filesystem::create_hard_link(path_of(step), temporary, error);
    if (error) {  // a file system without links
      std::filesystem::copy_file(path_of(step), temporary, std::filesystem::copy_options::overwrite_existing, error);
      if (error) throw FileError(temporary, "", "cannot be written: " + error.message());
    }
    std::filesystem::rename(temporary, best_path(), error);
    if (error) throw FileError(best_path(), "", "cannot be put in place: " + error.message());
    std::filesystem::remove(temporary, error);  // rename() does nothing where both names are the same file's already
  }

  std::filesystem::path best_path() const { return folder_ / "best.safetensors"; }
  std::filesystem::path path_of(std::int64_t step) const {
    char name[40];
    std::snprintf(name, sizeof name, "step-%09lld.safetensors", static_cast<long long>(step));
    return folder_ / name;
  }

  /// The latest checkpoint that can be read, or nothing where there are none; one that cannot be read is told to
  /// `message` and passed over.
  /// \throws FileError when there are checkpoints and none can be read: to start anew would remove them
  std::optional<Checkpoint> latest(const std::function<void(std::string_view)>& message) const {
    auto all = steps();
    std::sort(all.rbegin(), all.rend());
    for (const std::int64_t step : all) {
      try {
        return read(path_of(step));
      } catch (const Error& error) {
        message(std::string(error.what()) + (step == all.back() ? "" : "; the checkpoint before it is used"));
      }
    }
    if (all.empty()) return std::nullopt;
    throw FileError(folder_, "", "none of the checkpoints can be read; remove them to train from the beginning");
  }

  /// \throws FileError, WeightsError, DataError
  static Checkpoint read(const std::filesystem::path& path) {
    StateDict tensors = read_safetensors(path);
    const auto text = [&](const char* key) -> std::string_view {
      const auto found = tensors.metadata.find(key);
      if (found == tensors.metadata.end()) throw WeightsError(path, key, "is missing: this is not a checkpoint");
      return found->second;
    };
    const Json state = parse_json(text(state_key), path);
    Checkpoint checkpoint{.state = training_state_from_json({state, path}),
                          .settings = parse_json(text(settings_key), path),
                          .tensors = {},
                          .path = path};
    checkpoint.tensors = std::move(tensors);
    return checkpoint;
  }

  bool empty() const { return steps().empty(); }

 private:
  static constexpr const char* state_key = "tagger.training";
  static constexpr const char* settings_key = "tagger.settings";

  std::vector<std::int64_t> steps() const {
    std::vector<std::int64_t> steps;
    std::error_code missing;
    for (const auto& entry : std::filesystem::directory_iterator(folder_, missing)) {
      const std::string name = entry.path().filename().string();
      std::int64_t step = 0;
      constexpr std::string_view prefix = "step-";
      if (!name.starts_with(prefix)) continue;
      const auto [end, error] = std::from_chars(name.data() + prefix.size(), name.data() + name.size(), step);
      if (error == std::errc{} && std::string_view(end) == ".safetensors") steps.push_back(step);
    }
    return steps;
  }

  /// Removes all but the latest `keep_` up to `newest`, and whatever a killed writer left. Later ones stem from a
  /// training that was given up when this one resumed from before them.
  void prune(std::int64_t newest) const {
    auto all = steps();
    std::sort(all.rbegin(), all.rend());
    std::error_code ignored;
    int kept = 0;
    for (const std::int64_t step : all) {
      if (step > newest || ++kept > keep_) std::filesystem::remove(path_of(step), ignored);
    }
    for (const auto& entry : std::filesystem::directory_iterator(folder_, ignored)) {
      const std::string name = entry.path().filename().string();
      if (name.find(".partial") != std::string::npos) std::filesystem::remove(entry.path(), ignored);
    }
  }

  std::filesystem::path folder_;
  int keep_;
};

}  // namespace tagger
