#include "tagger/read_run.hpp"

#include <utility>

#include <tagger/weights/read_state_dict.hpp>

namespace tagger_program {

RunFiles read_run(const std::filesystem::path& folder) {
  auto config = tagger::read_run_config(folder);
  return {std::move(config), tagger::read_state_dict(folder)};
}

std::optional<tagger::StateDict> first_weights(const std::optional<std::filesystem::path>& path) {
  return tagger::read_pretrained(path);
}

}  // namespace tagger_program
