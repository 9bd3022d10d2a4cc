#pragma once

#include <concepts>
#include <string_view>

#include <tagger/activation/concept.hpp>
#include <tagger/head/logits.hpp>
#include <tagger/loss/targets.hpp>

namespace tagger {

/// What training makes small.
///
/// | Expression              | Returns     | Semantics                                                                |
/// |-------------------------|-------------|--------------------------------------------------------------------------|
/// | `loss(logits, targets)` | Tensor      | a float32 scalar with a gradient; unknown labels have no part in either, |
/// |                         |             | unless the loss is about them and says what it makes of them             |
/// | `L::Meaning`            | type        | what the scores mean that it trains: IndependentLabels, SignedMargins,   |
/// |                         |             | OneDistribution, Ranking                                                 |
/// | `L::name`               | string view | the name in configuration files and on command lines                     |
///
/// A loss is default constructible. It may be Configurable, and it may have hooks (training_hooks.hpp) to see the
/// training set and to keep a state.
template <class L>
concept Loss = requires(L& loss, const Logits& logits, const Targets& targets) {
  typename L::Meaning;
  { loss(logits, targets) } -> std::same_as<at::Tensor>;
  { L::name } -> std::convertible_to<std::string_view>;
} && std::copy_constructible<L>;  // last: whether a tuple of AnyLoss is copyable asks whether it is a Loss

/// The loss trains scores of the kind that the activation gives: binary cross-entropy asks a yes-or-no question of each
/// label and needs a sigmoid; softmax scores need a loss over the set of labels.
template <class A, class L>
concept Compatible = Activation<A> && Loss<L> && std::same_as<typename A::Meaning, typename L::Meaning>;

}  // namespace tagger
