#include <iostream>

#include <tagger/calibration/any_calibrator.hpp>
#include <tagger/cli/command.hpp>
#include <tagger/image/augmentation.hpp>
#include <tagger/import/any_format.hpp>
#include <tagger/sampler/any_sampler.hpp>
#include <tagger/schedule/any_schedule.hpp>
#include <tagger/split/any_splitter.hpp>
#include <tagger/threshold/any_threshold.hpp>

#include "tagger/commands.hpp"
#include "tagger/list_axis.hpp"

namespace tagger_program {
namespace {

int list_policies(const NoOptions&) {
  std::cout << "Each is written NAME[:FIELD=VALUE]..., for example asymmetric:gamma_negative=2:clip=0.1\n\n";
  list_heads_and_losses();
  list_axis<tagger::Augmentations>("Augmentations (--augmentation)");
  list_axis<tagger::Samplers>("Samplers (--sampler)");
  list_optimizers();
  list_axis<tagger::Schedules>("Schedules (--schedule)");
  list_axis<tagger::Thresholds>("Thresholds (threshold --rule)");
  list_axis<tagger::Calibrators>("Calibrations (threshold --calibrate)");
  list_axis<tagger::Splitters>("Splits (prepare --split)");
  list_axis<tagger::ImportFormats>("Formats (convert --from)");
  return 0;
}

}  // namespace

tagger::Command policies_command() {
  return tagger::command<NoOptions>("policies", "List heads, losses, augmentations, optimizers and schedules.",
                                    list_policies);
}

}  // namespace tagger_program
