#pragma once

#include <cstdint>
#include <iterator>
#include <string_view>
#include <vector>

#include <tagger/random.hpp>
#include <tagger/sampler/concept.hpp>

namespace tagger {

/// Every picture once, in a random order. Models: Sampler.
struct UniformSampler {
  static constexpr std::string_view name = "uniform";

  std::vector<std::int64_t> operator()(const Annotations& annotations, std::uint64_t seed, std::uint64_t epoch) const {
    return permutation(std::ssize(annotations.samples()), seed, epoch);
  }
};

static_assert(Sampler<UniformSampler>);

}  // namespace tagger
