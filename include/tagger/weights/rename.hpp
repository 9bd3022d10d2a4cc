#pragma once

#include <map>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include <tagger/weights/key_pattern.hpp>
#include <tagger/weights/state_dict.hpp>

namespace tagger {

/// A rule for the names of tensors: a name that starts with `from` starts with `to` instead. In `from`, `{n}` stands
/// for a number and `[text]` for text that may be missing; each `{n}` of `to` is the number in its place:
/// `{"[vit.]encoder.layer.{n}.layernorm_before.", "blocks.{n}.norm1."}`.
struct Rename {
  std::string from;
  std::string to;
};

/// What torch.nn.DataParallel and torch.compile put before every name.
inline const std::vector<Rename> unwrap_renames{
    {"module._orig_mod.", ""}, {"_orig_mod.module.", ""}, {"module.", ""}, {"_orig_mod.", ""}};

/// Applies to each name the first rule that fits it, once; names that no rule fits stay. Copies no values.
/// \throws WeightsError when two tensors would get the same name
inline StateDict rename(const StateDict& state, std::span<const Rename> rules) {
  StateDict renamed = state.emptied();
  std::map<std::string, const std::string*> origin;
  for (const auto& [name, tensor] : state) {
    std::string to = name;
    for (const auto& rule : rules) {
      const auto match = detail::match_key(rule.from, name);
      if (!match) continue;
      to = detail::fill_key(rule.to, *match);
      break;
    }
    if (const auto [other, first] = origin.emplace(to, &name); !first) {
      throw WeightsError(state.source, name, "renamed to " + to + ", which " + *other->second + " is called already");
    }
    renamed.add(std::move(to), tensor);
  }
  return renamed;
}

}  // namespace tagger
