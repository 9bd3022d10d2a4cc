#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <numeric>
#include <string_view>
#include <vector>

#include <tagger/configurable.hpp>
#include <tagger/random.hpp>
#include <tagger/sampler/concept.hpp>

namespace tagger {

/// Pictures of rare labels several times an epoch: picture i
///     r(i) = max over its labels c of max(1, sqrt(threshold / f(c)))
/// times, f(c) being the share of all pictures that have label c; once where it has none. Fractions are drawn anew in
/// every epoch. Gupta, Dollar and Girshick, "LVIS: a dataset for large vocabulary instance segmentation", CVPR 2019,
/// section 5.
///
/// So that epochs are equally long, they have the sum of r(i) rounded up, n pictures, of which picture i is
/// r(i) n / sum r in the mean and this rounded up or down in any one: systematic sampling (Madow, "On the theory of
/// systematic sampling, II", 1949) along a random order. Models: Sampler.
struct RepeatFactorSampler {
  static constexpr std::string_view name = "repeat_factor";

  double threshold = 0.001;

  template <class Self>
  static void fields(Self& self, auto&& field) {
    field("threshold", self.threshold, "share of the pictures below which a label is rare", between(0, 1));
  }

  /// (N): r(i).
  std::vector<double> factors(const Annotations& annotations) const {
    std::vector<double> of_label(annotations.labels().size());
    for (const Sample& sample : annotations.samples()) {
      for (const std::int32_t label : sample.yes) ++of_label[static_cast<std::size_t>(label)];
    }
    const auto pictures = static_cast<double>(annotations.size());
    for (double& each : of_label) each = std::sqrt(threshold * pictures / each);  // no picture asks for that of a 0
    std::vector<double> result(annotations.size(), 1.0);
    for (std::size_t i = 0; i < result.size(); ++i) {
      for (const std::int32_t label : annotations.samples()[i].yes) {
        result[i] = std::max(result[i], of_label[static_cast<std::size_t>(label)]);
      }
    }
    return result;
  }

  std::vector<std::int64_t> operator()(const Annotations& annotations, std::uint64_t seed, std::uint64_t epoch) const {
    const auto repeats = factors(annotations);
    const double sum = std::accumulate(repeats.begin(), repeats.end(), 0.0);
    const auto size = static_cast<std::size_t>(std::ceil(sum));
    Random random{seed, epoch, std::numeric_limits<std::uint64_t>::max() - 4};  // no picture has this index
    std::vector<std::int64_t> pictures;
    pictures.reserve(size);
    double reached = random.uniform();
    for (const std::int64_t picture : permutation(std::ssize(annotations.samples()), seed, epoch)) {
      reached += repeats[static_cast<std::size_t>(picture)] * static_cast<double>(size) / sum;
      while (static_cast<double>(pictures.size() + 1) <= reached && pictures.size() < size) pictures.push_back(picture);
    }
    // a sum of many numbers that should be whole may miss it by a hair
    while (pictures.size() < size) pictures.push_back(pictures.back());
    shuffle(pictures, random);
    return pictures;
  }
};

static_assert(Sampler<RepeatFactorSampler>);

}  // namespace tagger
