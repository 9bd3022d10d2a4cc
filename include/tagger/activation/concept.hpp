#pragma once

#include <concepts>
#include <optional>
#include <string_view>

#include <tagger/activation/scores.hpp>
#include <tagger/head/logits.hpp>

namespace tagger {

/// From logits to scores.
///
/// | Expression              | Returns         | Semantics |
/// |-------------------------|-----------------|-----------------------------------------------------------------------|
/// | `activation(logits)`    | Scores          | (N, K), float32 | | `A::Meaning`            | type            | what
/// the scores mean: IndependentLabels, OneDistribution, ...         | | `A::Meaning::threshold` | optional double | a
/// label is predicted above it; nothing: no score tells yes from no    | | `A::name`               | string view     |
/// the name in configuration files and on command lines                  |
template <class A>
concept Activation = std::copy_constructible<A> && requires(const A& activation, const Logits& logits) {
  typename A::Meaning;
  { activation(logits) } -> std::same_as<Scores>;
  { A::name } -> std::convertible_to<std::string_view>;
};

}  // namespace tagger
