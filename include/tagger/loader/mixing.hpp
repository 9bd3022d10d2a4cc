#pragma once

#include <cmath>
#include <cstdint>
#include <limits>
#include <numbers>
#include <numeric>
#include <string>
#include <vector>

#include <ATen/core/Tensor.h>
#include <ATen/ops/tensor.h>

#include <tagger/error.hpp>
#include <tagger/loader/cutmix.hpp>
#include <tagger/loader/mix_targets.hpp>
#include <tagger/loader/mixup.hpp>
#include <tagger/loss/targets.hpp>
#include <tagger/random.hpp>

namespace tagger {

/// How batches are mixed. The defaults mix nothing; timm's values are mixup 0.2 to 0.8, cutmix 1.
struct MixingOptions {
  double mixup = 0;           ///< alpha of MixUp's weight, Beta(alpha, alpha); 0: no MixUp
  double cutmix = 0;          ///< alpha of CutMix's weight, Beta(alpha, alpha); 0: no CutMix
  double probability = 1;     ///< that a batch is mixed
  double cutmix_share = 0.5;  ///< of the mixed batches that CutMix gets where both are on
  MixedLabels labels = MixedLabels::share;
};

/// \throws OptionError for options that are out of range
inline void check_mixing(const MixingOptions& options) {
  const auto check = [](const char* name, double value, double most) {
    if (value >= 0 && value <= most) return;
    throw OptionError(std::string("mixing: ") + name + " " + std::to_string(value) + " is not from 0 to " +
                      std::to_string(most));
  };
  check("mixup", options.mixup, 1000);
  check("cutmix", options.cutmix, 1000);
  check("probability", options.probability, 1);
  check("cutmix_share", options.cutmix_share, 1);
}

namespace detail {

/// Logarithm of a Gamma(shape, 1) variate: Marsaglia and Tsang, "A simple method for generating gamma variables", ACM
/// Transactions on Mathematical Software, 2000. In logarithms no shape is too small.
inline double log_gamma_variate(double shape, Random& random) {
  const double d = (shape < 1 ? shape + 1 : shape) - 1.0 / 3, c = 1 / std::sqrt(9 * d);
  for (;;) {
    const double radius = std::sqrt(-2 * std::log1p(-random.uniform()));
    const double normal = radius * std::cos(2 * std::numbers::pi * random.uniform());
    const double cube = std::pow(1 + c * normal, 3);
    const double log_uniform = std::log1p(-random.uniform());
    if (!(cube > 0) || log_uniform >= normal * normal / 2 + d - d * cube + d * std::log(cube)) continue;
    const double larger = std::log(d * cube);
    return shape < 1 ? larger + std::log1p(-random.uniform()) / shape : larger;
  }
}

/// A Beta(alpha, alpha) variate, alpha > 0.
inline double beta_variate(double alpha, Random& random) {
  const double a = log_gamma_variate(alpha, random), b = log_gamma_variate(alpha, random);
  return 1 / (1 + std::exp(b - a));
}

inline at::Tensor draw_partners(std::int64_t count, Random& random) {
  std::vector<std::int64_t> partners(static_cast<std::size_t>(count));
  std::iota(partners.begin(), partners.end(), std::int64_t{0});
  shuffle(partners, random);
  return at::tensor(partners, at::kLong);
}

}  // namespace detail

/// The numbers that step `step` of a training is mixed by: its own, whatever other steps have drawn.
inline Random mixing_random(std::uint64_t seed, std::uint64_t step) {
  return {seed, step, std::numeric_limits<std::uint64_t>::max() - 2};  // no picture has this index
}

/// A batch of which every picture is mixed with one of the same batch, by one weight: by MixUp, CutMix or not at all,
/// as drawn. Targets become soft: a loss for IndependentLabels takes them as they are.
/// \param images  (N, 3, H, W)
/// \throws OptionError for options that are out of range
inline MixedBatch mix(const at::Tensor& images, const Targets& targets, const MixingOptions& options, Random& random) {
  check_mixing(options);
  const bool cut = options.cutmix > 0 && (options.mixup == 0 || random.chance(options.cutmix_share));
  const double alpha = cut ? options.cutmix : options.mixup;
  if (alpha == 0 || images.size(0) < 2 || !random.chance(options.probability)) return {images, targets};
  const double weight = detail::beta_variate(alpha, random);
  const at::Tensor partners = detail::draw_partners(images.size(0), random);
  if (!cut) return mixup(images, targets, partners, weight, options.labels);
  const Box box = cutmix_box(static_cast<int>(images.size(3)), static_cast<int>(images.size(2)), weight, random);
  return cutmix(images, targets, partners, box, options.labels);
}

}  // namespace tagger
