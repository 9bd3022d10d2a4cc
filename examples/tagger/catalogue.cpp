#include <iostream>
#include <string>
#include <vector>

#include <tagger/backbone/any_backbone.hpp>
#include <tagger/calibration/any_calibrator.hpp>
#include <tagger/cli/command.hpp>
#include <tagger/configurable.hpp>
#include <tagger/head/any_head.hpp>
#include <tagger/image/augmentation.hpp>
#include <tagger/import/any_format.hpp>
#include <tagger/loss/any_loss.hpp>
#include <tagger/optimizer/any_optimizer.hpp>
#include <tagger/policy_list.hpp>
#include <tagger/report/table.hpp>
#include <tagger/run/presets.hpp>
#include <tagger/sampler/any_sampler.hpp>
#include <tagger/schedule/any_schedule.hpp>
#include <tagger/split/any_splitter.hpp>
#include <tagger/threshold/any_threshold.hpp>

#include "tagger/commands.hpp"

namespace tagger_program {
namespace {

using tagger::OptionSet;

struct NoOptions {
  void describe(OptionSet&) {}
};

/// What is known of every backbone: from each one's specification.
int list_backbones(const NoOptions&) {
  tagger::Table table({{"name"},
                       {"size", tagger::Align::right},
                       {"features", tagger::Align::right},
                       {"interpolation"},
                       {"weights"},
                       {"license"}});
  for (const auto& spec : tagger::backbone_specs()) {
    const auto pooled = spec.pooled_features > 0 ? spec.pooled_features : spec.features;
    std::vector<std::string> cells{spec.name, std::to_string(spec.input_size), std::to_string(pooled),
                                   std::string(interpolation_name(spec.interpolation))};
    if (spec.weights.empty()) {
      table.add({cells[0], cells[1], cells[2], cells[3], "", ""});
    }
    for (const auto& weights : spec.weights) {
      cells.resize(4);
      cells.push_back(weights.source);
      cells.push_back(weights.license);
      table.add(cells);
      cells.assign(4, "");
    }
  }
  std::cout << table;
  return 0;
}

/// The policies of a list, each with its fields, what they are by default and what they do.
template <class List>
void list_axis(const char* axis) {
  std::cout << axis << '\n';
  tagger::for_each_policy<List>([]<class P>() {
    std::cout << "  " << tagger::name_of<P>() << '\n';
    const auto fields = [] {
      if constexpr (requires { typename P::Options; }) {
        return tagger::fields_of(typename P::Options{});
      } else {
        return tagger::fields_of(P{});
      }
    }();
    for (const auto& field : fields) {
      std::cout << "    " << field.name << '=' << field.default_value << "  " << field.help << '\n';
    }
  });
}

int list_policies(const NoOptions&) {
  std::cout << "Each is written NAME[:FIELD=VALUE]..., for example asymmetric:gamma_negative=2:clip=0.1\n\n";
  list_axis<tagger::Heads>("Heads (--head)");
  list_axis<tagger::Losses>("Losses (--loss)");
  list_axis<tagger::Augmentations>("Augmentations (--augmentation)");
  list_axis<tagger::Samplers>("Samplers (--sampler)");
  list_axis<tagger::Optimizers>("Optimizers (--optimizer)");
  list_axis<tagger::Schedules>("Schedules (--schedule)");
  list_axis<tagger::Thresholds>("Thresholds (threshold --rule)");
  list_axis<tagger::Calibrators>("Calibrations (threshold --calibrate)");
  list_axis<tagger::Splitters>("Splits (prepare --split)");
  list_axis<tagger::ImportFormats>("Formats (convert --from)");
  return 0;
}

int list_presets(const NoOptions&) {
  for (const auto& preset : tagger::presets()) std::cout << preset.name << "\n  " << preset.source << '\n';
  return 0;
}

}  // namespace

tagger::Command backbones_command() {
  return tagger::command<NoOptions>("backbones", "List the networks and where their weights are.", list_backbones);
}

tagger::Command policies_command() {
  return tagger::command<NoOptions>("policies", "List heads, losses, augmentations, optimizers and schedules.",
                                    list_policies);
}

tagger::Command presets_command() {
  return tagger::command<NoOptions>("presets", "List the methods that train --preset knows.", list_presets);
}

}  // namespace tagger_program
