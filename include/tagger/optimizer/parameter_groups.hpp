#pragma once

#include <algorithm>
#include <cstddef>
#include <string>
#include <utility>
#include <vector>

#include <ATen/core/Tensor.h>
#include <ATen/ops/zeros.h>
#include <ATen/ops/zeros_like.h>

#include <tagger/named_tensors.hpp>
#include <tagger/optimizer/any_optimizer.hpp>

namespace tagger {

/// The parameters that a training trains, with all that its optimizer remembers of them.
class ParameterGroups {
 public:
  /// Those of `parameters` that need no gradient are left alone.
  ParameterGroups(const std::vector<TrainedParameter>& parameters, AnyOptimizer optimizer)
      : optimizer_(std::move(optimizer)) {
    for (const auto& parameter : parameters) {
      if (parameter.tensor.requires_grad()) group_of(parameter).add(parameter, optimizer_.memory());
    }
  }

  void zero_gradients() {
    for (auto& group : groups_) {
      for (auto& parameter : group.all.parameters) parameter.mutable_grad().reset();
    }
  }

  /// The gradients there are, sharing memory with the parameters'.
  std::vector<at::Tensor> gradients() const {
    std::vector<at::Tensor> all;
    for (const auto& group : with_gradients()) all.insert(all.end(), group.gradients.begin(), group.gradients.end());
    return all;
  }

  /// The parameters that have a gradient, in the order of gradients().
  std::vector<at::Tensor> parameters() const {
    std::vector<at::Tensor> all;
    for (const auto& group : with_gradients()) all.insert(all.end(), group.parameters.begin(), group.parameters.end());
    return all;
  }

  /// One step down the gradients; a parameter without one stays.
  void step(const StepSize& size) const {
    auto groups = with_gradients();
    optimizer_.step(groups, size);
  }

  /// What must be kept to go on later, under `exp_avg.<name>` and the like. Writing into it restores.
  NamedTensors state() const {
    NamedTensors state;
    for (const auto& group : groups_) {
      for (std::size_t i = 0; i < group.names.size(); ++i) {
        for (std::size_t m = 0; m < group.all.memory.size(); ++m) {
          state.emplace_back(std::string(optimizer_.memory()[m].name) + "." + group.names[i], group.all.memory[m][i]);
        }
      }
    }
    return state;
  }

 private:
  struct Group {
    std::vector<std::string> names;
    ParameterGroup all;  ///< its gradients are the parameters' own

    void add(const TrainedParameter& parameter, const std::vector<OptimizerMemory>& memory) {
      const at::Tensor like = parameter.tensor.detach();
      names.push_back(parameter.name);
      all.parameters.push_back(parameter.tensor);
      all.memory.resize(memory.size());
      for (std::size_t m = 0; m < memory.size(); ++m) {
        all.memory[m].push_back(memory[m].scalar ? at::zeros({}, like.options()) : at::zeros_like(like));
      }
    }

    ParameterGroup with_gradients() const {
      ParameterGroup found{.rate = all.rate, .decays = all.decays, .parameters = {}, .gradients = {}, .memory = {}};
      found.memory.resize(all.memory.size());
      for (std::size_t i = 0; i < names.size(); ++i) {
        if (!all.parameters[i].grad().defined()) continue;
        found.parameters.push_back(all.parameters[i].detach());
        found.gradients.push_back(all.parameters[i].grad());
        for (std::size_t m = 0; m < all.memory.size(); ++m) found.memory[m].push_back(all.memory[m][i]);
      }
      return found;
    }
  };

  Group& group_of(const TrainedParameter& parameter) {
    const auto found = std::find_if(groups_.begin(), groups_.end(), [&](const Group& group) {
      return group.all.rate == parameter.rate && group.all.decays == parameter.decays;
    });
    if (found != groups_.end()) return *found;
    Group& group = groups_.emplace_back();
    group.all.rate = parameter.rate;
    group.all.decays = parameter.decays;
    return group;
  }

  /// The groups, each of the parameters that have a gradient.
  std::vector<ParameterGroup> with_gradients() const {
    std::vector<ParameterGroup> found;
    for (const auto& group : groups_) {
      if (auto moved = group.with_gradients(); !moved.parameters.empty()) found.push_back(std::move(moved));
    }
    return found;
  }

  AnyOptimizer optimizer_;
  std::vector<Group> groups_;
};

}  // namespace tagger
