#pragma once

#include <filesystem>

namespace tagger {

inline std::filesystem::path config_path(const std::filesystem::path& run) { return run / "config.json"; }
inline std::filesystem::path checkpoints_path(const std::filesystem::path& run) { return run / "checkpoints"; }
inline std::filesystem::path weights_path(const std::filesystem::path& run) { return run / "model.safetensors"; }

}  // namespace tagger
