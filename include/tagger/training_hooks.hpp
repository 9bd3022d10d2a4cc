#pragma once

#include <cstdint>

#include <tagger/data/annotations.hpp>
#include <tagger/named_tensors.hpp>

/// How a policy takes part in a training beyond its one call: a loss or a head that depends on the training set, on the
/// epoch, or on what it has seen. Each hook is optional.
///
/// | Expression                           | Returns      | Semantics |
/// |--------------------------------------|--------------|---------------------------------------------------------------|
/// | `policy.begin_training(annotations)` |              | called once, before the first step, with the training set |
/// | `policy.begin_epoch(epoch, epochs)`  |              | called before the first step of each epoch, the first is 1 |
/// | `policy.state()`                     | NamedTensors | what is remembered from step to step, as tensors that share
/// | |                                      |              | memory with the policy: kept in each checkpoint, and
/// written  | |                                      |              | into (after `begin_training`) when a training
/// goes on         |
///
/// A head's buffers are in its weights anyway; `state` is for what tagging does not need.
namespace tagger::hooks {

template <class P>
void begin_training(P& policy, const Annotations& train) {
  if constexpr (requires { policy.begin_training(train); }) policy.begin_training(train);
}

template <class P>
void begin_epoch(P& policy, std::int64_t epoch, std::int64_t epochs) {
  if constexpr (requires { policy.begin_epoch(epoch, epochs); }) policy.begin_epoch(epoch, epochs);
}

template <class P>
NamedTensors state(P& policy) {
  if constexpr (requires { policy.state(); }) {
    return policy.state();
  } else {
    return {};
  }
}

}  // namespace tagger::hooks
