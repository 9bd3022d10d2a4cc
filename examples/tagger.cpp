// The command line: train, evaluate and run multi-label image taggers, inspect annotations, score anybody's
// predictions. Each command is a file in tagger/.
#include <tagger/cli/run_main.hpp>
#include <tagger/version.hpp>

#include "tagger/commands.hpp"

int main(int argc, char** argv) {
  using namespace tagger_program;
  return tagger::run_main(
      argc, argv,
      {.name = "tagger",
       .version = tagger::version,
       .summary = "Train, evaluate and run multi-label image taggers.",
       .commands = {convert_command(), inspect_command(), prepare_command(), train_command(), evaluate_command(),
                    predict_command(), threshold_command(), metrics_command(), compare_command(), backbones_command(),
                    policies_command(), presets_command()}});
}
