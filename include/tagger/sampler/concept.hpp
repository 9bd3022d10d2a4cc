#pragma once

#include <concepts>
#include <cstdint>
#include <string_view>
#include <vector>

#include <tagger/data/annotations.hpp>

namespace tagger {

/// Which pictures an epoch of training shows, and in which order.
///
/// | Expression                          | Returns           | Semantics                                             |
/// |-------------------------------------|-------------------|-------------------------------------------------------|
/// | `S{}`                               |                   | the defaults                                          |
/// | `sampler(annotations, seed, epoch)` | vector of         | indices of pictures, which may repeat; as many in     |
/// |                                     | std::int64_t      | every epoch                                           |
/// | `S::name`                           | string view       | the name in configuration files and on command lines  |
///
/// A pure function: a training that goes on needs nothing of the past. May be Configurable.
/// Models: UniformSampler, RepeatFactorSampler, ClassAwareSampler.
template <class S>
concept Sampler = std::default_initializable<S> && std::copy_constructible<S> &&
                  requires(const S& sampler, const Annotations& annotations, std::uint64_t seed, std::uint64_t epoch) {
                    { sampler(annotations, seed, epoch) } -> std::same_as<std::vector<std::int64_t>>;
                    { S::name } -> std::convertible_to<std::string_view>;
                  };

}  // namespace tagger
