#include <iostream>
#include <string>
#include <vector>

#include <tagger/backbone/any_backbone.hpp>
#include <tagger/cli/command.hpp>
#include <tagger/head/any_head.hpp>
#include <tagger/loss/any_loss.hpp>
#include <tagger/optimizer/any_optimizer.hpp>
#include <tagger/report/table.hpp>
#include <tagger/run/presets.hpp>

#include "tagger/commands.hpp"
#include "tagger/list_axis.hpp"

namespace tagger_program {
namespace {

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

int list_presets(const NoOptions&) {
  for (const auto& preset : tagger::presets()) std::cout << preset.name << "\n  " << preset.source << '\n';
  return 0;
}

}  // namespace

void list_heads_and_losses() {
  list_axis<tagger::Heads>("Heads (--head)");
  list_axis<tagger::Losses>("Losses (--loss)");
}

void list_optimizers() { list_axis<tagger::Optimizers>("Optimizers (--optimizer)"); }

tagger::Command backbones_command() {
  return tagger::command<NoOptions>("backbones", "List the networks and where their weights are.", list_backbones);
}

tagger::Command presets_command() {
  return tagger::command<NoOptions>("presets", "List the methods that train --preset knows.", list_presets);
}

}  // namespace tagger_program
