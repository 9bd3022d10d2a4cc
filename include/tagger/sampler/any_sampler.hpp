#pragma once

#include <concepts>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <tuple>
#include <utility>
#include <vector>

#include <tagger/configurable.hpp>
#include <tagger/named_policy.hpp>
#include <tagger/sampler/class_aware.hpp>
#include <tagger/sampler/repeat_factor.hpp>
#include <tagger/sampler/uniform.hpp>

namespace tagger {

/// The samplers that can be chosen by name at run time.
using Samplers = std::tuple<UniformSampler, RepeatFactorSampler, ClassAwareSampler>;

/// A sampler chosen at run time: any model of Sampler, or one of a list by its name. Models: Sampler.
class AnySampler {
 public:
  static constexpr std::string_view name = "any";

  AnySampler() : AnySampler(UniformSampler{}) {}

  template <class S>
    requires(!std::same_as<S, AnySampler>) && Sampler<S>
  AnySampler(S sampler)  // NOLINT: every sampler is an AnySampler
      : chosen_(policy_text(S::name, sampler)), sample_(std::move(sampler)) {}

  /// \param text  NAME[:FIELD=VALUE]...  \throws OptionError, listing the valid names
  template <class List = Samplers>
  static AnySampler named(std::string_view text) {
    return named_policy<List, AnySampler>("sampler", text);
  }

  std::vector<std::int64_t> operator()(const Annotations& annotations, std::uint64_t seed, std::uint64_t epoch) const {
    return sample_(annotations, seed, epoch);
  }
  const std::string& chosen() const { return chosen_; }

 private:
  std::string chosen_;
  std::function<std::vector<std::int64_t>(const Annotations&, std::uint64_t, std::uint64_t)> sample_;
};

static_assert(Sampler<AnySampler>);

}  // namespace tagger
