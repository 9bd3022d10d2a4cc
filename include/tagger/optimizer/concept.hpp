#pragma once

#include <concepts>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include <tagger/optimizer/parameter_group.hpp>

namespace tagger {

/// How far a step goes, as the schedule has it.
struct StepSize {
  double rate = 0;                   ///< the learning rate
  std::optional<double> momentum{};  ///< in the place of the optimizer's own: see OneCycle
};

/// How weights follow their gradients.
///
/// | Expression                     | Returns     | Semantics                                                       |
/// |--------------------------------|-------------|-----------------------------------------------------------------|
/// | `optimizer.step(groups, size)` |             | one step of all parameters by their gradients                   |
/// | `O::memory`                    | range       | OptimizerMemory: what is kept of each parameter, zeros at first |
/// | `O::name`                      | string view | the name in configuration files and on command lines            |
///
/// The learning rate of a group is `size.rate * group.rate`; weight decay is for groups that decay. An optimizer is
/// default constructible and may be Configurable.
template <class O>
concept Optimizer = std::default_initializable<O> && std::copy_constructible<O> &&
                    requires(const O& optimizer, std::span<ParameterGroup> groups, const StepSize& size) {
                      optimizer.step(groups, size);
                      std::vector<OptimizerMemory>(O::memory.begin(), O::memory.end());
                      { O::name } -> std::convertible_to<std::string_view>;
                    };

}  // namespace tagger
