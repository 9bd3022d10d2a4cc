#pragma once

#include <filesystem>
#include <optional>

#include <tagger/run/run_config.hpp>
#include <tagger/weights/state_dict.hpp>

namespace tagger_program {

/// What a run's folder holds, for make_run().
struct RunFiles {
  tagger::RunConfig config;
  tagger::StateDict weights;
};

/// \throws FileError, DataError, WeightsError
RunFiles read_run(const std::filesystem::path& folder);

/// The weights that a training begins with, where it has any. \throws FileError, DataError, WeightsError
std::optional<tagger::StateDict> first_weights(const std::optional<std::filesystem::path>& path);

}  // namespace tagger_program
