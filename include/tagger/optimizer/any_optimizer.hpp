#pragma once

#include <concepts>
#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <tuple>
#include <utility>
#include <vector>

#include <tagger/configurable.hpp>
#include <tagger/named_policy.hpp>
#include <tagger/optimizer/adam.hpp>
#include <tagger/optimizer/adamw.hpp>
#include <tagger/optimizer/lamb.hpp>
#include <tagger/optimizer/lion.hpp>
#include <tagger/optimizer/sgd.hpp>

namespace tagger {

/// The optimizers that can be chosen by name at run time.
using Optimizers = std::tuple<Adam, AdamW, SGD, Lion, Lamb>;

/// An optimizer chosen at run time: any model of Optimizer, or one of a list by its name.
class AnyOptimizer {
 public:
  template <class O>
    requires(!std::same_as<O, AnyOptimizer>) && Optimizer<O>
  AnyOptimizer(O optimizer)  // NOLINT: every optimizer is an AnyOptimizer
      : chosen_(policy_text(O::name, optimizer)),
        memory_(O::memory.begin(), O::memory.end()),
        step_([optimizer = std::move(optimizer)](auto groups, const auto& size) { optimizer.step(groups, size); }) {}

  /// \param text  NAME[:FIELD=VALUE]...  \throws OptionError, listing the valid names
  template <class List = Optimizers>
  static AnyOptimizer named(std::string_view text) {
    return named_policy<List, AnyOptimizer>("optimizer", text);
  }

  void step(std::span<ParameterGroup> groups, const StepSize& size) const { step_(groups, size); }
  const std::vector<OptimizerMemory>& memory() const { return memory_; }
  const std::string& chosen() const { return chosen_; }

 private:
  std::string chosen_;
  std::vector<OptimizerMemory> memory_;
  std::function<void(std::span<ParameterGroup>, const StepSize&)> step_;
};

}  // namespace tagger
