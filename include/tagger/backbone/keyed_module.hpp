#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <utility>

#include <torch/nn/module.h>

namespace tagger::detail {

inline void register_module_at(torch::nn::Module& root, std::string_view key,
                               std::shared_ptr<torch::nn::Module> child) {
  torch::nn::Module* parent = &root;
  for (auto dot = key.find('.'); dot != std::string_view::npos; dot = key.find('.')) {
    const std::string part(key.substr(0, dot));
    const auto children = parent->named_children();
    const auto* known = children.find(part);
    parent = known ? known->get() : parent->register_module(part, std::make_shared<torch::nn::Module>()).get();
    key.remove_prefix(dot + 1);
  }
  parent->register_module(std::string(key), std::move(child));
}

/// Registers `child` under a key of several parts ("stages.0.norm"), with a plain module for each part on the way: the
/// keys of published weights need not be classes of ours. Returns the child.
template <class M>
std::shared_ptr<M> register_at(torch::nn::Module& root, std::string_view key, std::shared_ptr<M> child) {
  register_module_at(root, key, child);
  return child;
}

template <class Holder>
  requires requires(const Holder& child) { child.ptr(); }
Holder register_at(torch::nn::Module& root, std::string_view key, Holder child) {
  register_at(root, key, child.ptr());
  return child;
}

}  // namespace tagger::detail
