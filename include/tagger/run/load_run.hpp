#pragma once

#include <filesystem>
#include <utility>

#include <tagger/model/any_tagger.hpp>
#include <tagger/model/tagger.hpp>
#include <tagger/run/run.hpp>
#include <tagger/run/run_config.hpp>
#include <tagger/run/run_paths.hpp>
#include <tagger/weights/read_state_dict.hpp>

namespace tagger {

/// Opens a run folder, ready to tag; a folder of timm's hub and a WD tagger's too, if they name their labels.
/// `load_run(folder)` opens any run whose policies this library knows by name;
/// `load_run<MyTagger>(folder)` opens one of that type.
/// \throws FileError, DataError, WeightsError; OptionError when the run is of other policies than Model's
template <AnyTaggerType Model = AnyTagger>
Run<Model> load_run(const std::filesystem::path& folder) {
  RunConfig config = read_run_config(folder);
  return make_run<Model>(std::move(config), read_state_dict(folder), config_path(folder));
}

}  // namespace tagger
