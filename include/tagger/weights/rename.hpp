#pragma once

#include <algorithm>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include <tagger/weights/state_dict.hpp>

namespace tagger {

/// A rule for the names of tensors: a name that starts with `from` starts with `to` instead.
struct Rename {
  std::string from;
  std::string to;
};

/// What torch.nn.DataParallel and torch.compile put before every name.
inline const std::vector<Rename> unwrap_renames{
    {"module._orig_mod.", ""}, {"_orig_mod.module.", ""}, {"module.", ""}, {"_orig_mod.", ""}};

/// The checkpoints of the NUS-WIDE tutorial: torchvision's network is `base_model`, its classifier Dropout and Linear.
inline const std::vector<Rename> tutorial_renames{{"base_model.fc.1.", "fc."}, {"base_model.", ""}};

/// Applies to each name the first rule that fits it, once; names that no rule fits stay. Copies no values.
/// \throws WeightsError when two tensors would get the same name
inline StateDict rename(const StateDict& state, std::span<const Rename> rules) {
  StateDict renamed;
  renamed.metadata = state.metadata;
  renamed.source = state.source;
  std::vector<const std::string*> origin;
  for (const auto& [name, tensor] : state) {
    const auto rule = std::find_if(rules.begin(), rules.end(),
                                   [&name = name](const Rename& each) { return name.starts_with(each.from); });
    std::string to = rule == rules.end() ? name : rule->to + name.substr(rule->from.size());
    if (renamed.contains(to)) {
      const auto first =
          std::find_if(renamed.begin(), renamed.end(), [&](const auto& each) { return each.first == to; });
      throw WeightsError(state.source, name,
                         "renamed to " + to + ", which " + *origin[static_cast<std::size_t>(first - renamed.begin())] +
                             " is called already");
    }
    renamed.add(std::move(to), tensor);
    origin.push_back(&name);
  }
  return renamed;
}

}  // namespace tagger
