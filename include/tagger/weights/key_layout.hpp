#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <tagger/error.hpp>
#include <tagger/weights/rename.hpp>
#include <tagger/weights/state_dict.hpp>

namespace tagger {

/// Tensors that another layout keeps in one, one after the other along the first axis: query, key and value as qkv.
/// Patterns are those of Rename.
struct JoinRule {
  std::vector<std::string> from;
  std::string to;
};

/// The other way round: a tensor of which another layout has equal parts along the first axis.
struct SplitRule {
  std::string from;
  std::vector<std::string> to;
};

/// How one source names a network's tensors, recognised by the names themselves, and the rules that lead to the names
/// that our backbones have (timm's or torchvision's). Joins, splits and `unused` see the source's names; renames come
/// last, the first that fits.
struct KeyLayout {
  std::string name;                    ///< whose it is: "torchvision's ViT"
  std::vector<std::string> telltales;  ///< patterns; each of them starts a name where this layout is used
  std::vector<Rename> renames{};
  std::vector<JoinRule> joins{};
  std::vector<SplitRule> splits{};
  std::vector<std::string> unused{};  ///< patterns of tensors that our networks do without
};

/// Whether the names of `state` are those of `layout`.
inline bool has_layout(const StateDict& state, const KeyLayout& layout) {
  return std::all_of(layout.telltales.begin(), layout.telltales.end(), [&](const auto& pattern) {
    return std::any_of(state.begin(), state.end(),
                       [&](const auto& entry) { return detail::match_key(pattern, entry.first).has_value(); });
  });
}

namespace detail {

/// The tensors one after the other along the first axis. \throws WeightsError when types or the other axes differ
inline TensorData join(const StateDict& state, std::string_view name, const std::vector<const TensorData*>& parts) {
  std::vector<std::int64_t> shape = parts.front()->shape;
  std::size_t size = 0;
  if (!shape.empty()) shape.front() = 0;
  for (const auto* part : parts) {
    const auto tail = [](const TensorData& each) { return std::span(each.shape).subspan(1); };
    if (part->dtype != parts.front()->dtype || part->shape.empty() || shape.empty() ||
        !std::ranges::equal(tail(*part), tail(*parts.front()))) {
      const auto text = [](const TensorData& each) {
        return std::string(dtype_name(each.dtype)) + ' ' + shape_text(each.shape);
      };
      throw WeightsError(state.source, name,
                         "its parts are " + text(*parts.front()) + " and " + text(*part) + ": they cannot be joined");
    }
    shape.front() += part->shape.front();
    size += part->bytes.size();
  }
  auto bytes = std::make_shared_for_overwrite<std::byte[]>(size);
  std::byte* end = bytes.get();
  for (const auto* part : parts) end = std::ranges::copy(part->bytes, end).out;
  const std::span<const std::byte> view(bytes.get(), size);
  return {.dtype = parts.front()->dtype, .shape = std::move(shape), .bytes = view, .owner = std::move(bytes)};
}

/// Part `index` of `count` equal ones along the first axis: a view.
inline TensorData part(const StateDict& state, std::string_view name, const TensorData& whole, std::size_t index,
                       std::size_t count) {
  if (whole.shape.empty() || static_cast<std::size_t>(whole.shape.front()) % count != 0) {
    throw WeightsError(state.source, name,
                       "shape " + shape_text(whole.shape) + " has no " + std::to_string(count) + " equal parts");
  }
  TensorData result = whole;
  result.shape.front() /= static_cast<std::int64_t>(count);
  const std::size_t size = whole.bytes.size() / count;
  result.bytes = whole.bytes.subspan(index * size, size);
  return result;
}

}  // namespace detail

/// The tensors of `state`, which has_layout(), under our names. Only joins copy values.
/// \throws WeightsError when a part to join is missing, or two tensors would get the same name
inline StateDict convert(const StateDict& state, const KeyLayout& layout) {
  struct Joined {
    const JoinRule* rule;
    std::vector<const TensorData*> parts;  ///< null where none was found yet
  };
  std::map<std::string, Joined> joined;
  StateDict converted = state.emptied();
  const auto is_unused = [&](const std::string& name) {
    return std::ranges::any_of(layout.unused,
                               [&](const auto& pattern) { return detail::match_key(pattern, name).has_value(); });
  };
  const auto is_joined = [&](const std::string& name, const TensorData& tensor) {
    for (const auto& rule : layout.joins) {
      for (std::size_t i = 0; i < rule.from.size(); ++i) {
        const auto match = detail::match_key(rule.from[i], name);
        if (!match) continue;
        auto& whole = joined.try_emplace(detail::fill_key(rule.to, *match), &rule).first->second;
        whole.parts.resize(rule.from.size());
        whole.parts[i] = &tensor;
        return true;
      }
    }
    return false;
  };
  const auto is_split = [&](const std::string& name, const TensorData& tensor) {
    for (const auto& rule : layout.splits) {
      const auto match = detail::match_key(rule.from, name);
      if (!match) continue;
      for (std::size_t i = 0; i < rule.to.size(); ++i) {
        converted.add(detail::fill_key(rule.to[i], *match), detail::part(state, name, tensor, i, rule.to.size()));
      }
      return true;
    }
    return false;
  };
  for (const auto& [name, tensor] : state) {
    if (!is_unused(name) && !is_joined(name, tensor) && !is_split(name, tensor)) converted.add(name, tensor);
  }
  converted = rename(converted, layout.renames);
  for (const auto& [name, whole] : joined) {
    const auto missing = std::ranges::find(whole.parts, nullptr);
    if (missing != whole.parts.end()) {
      throw WeightsError(state.source, name,
                         "the file has the keys of " + layout.name + ", but lacks a part of this: " +
                             whole.rule->from[static_cast<std::size_t>(missing - whole.parts.begin())]);
    }
    converted.add(name, detail::join(state, name, whole.parts));
  }
  return converted;
}

}  // namespace tagger
