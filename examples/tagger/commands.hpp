#pragma once

#include <tagger/cli/command.hpp>

namespace tagger_program {

struct NoOptions {
  void describe(tagger::OptionSet&) {}
};

tagger::Command convert_command();
tagger::Command inspect_command();
tagger::Command prepare_command();
tagger::Command train_command();
tagger::Command evaluate_command();
tagger::Command predict_command();
tagger::Command threshold_command();
tagger::Command metrics_command();
tagger::Command compare_command();
tagger::Command backbones_command();
tagger::Command policies_command();
tagger::Command presets_command();

}  // namespace tagger_program
