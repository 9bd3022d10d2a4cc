#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <iterator>
#include <limits>
#include <span>
#include <thread>
#include <vector>

#include <Eigen/Core>

#include <tagger/metrics/evaluation.hpp>
#include <tagger/metrics/parallel.hpp>
#include <tagger/metrics/prepared_metrics.hpp>
#include <tagger/random.hpp>

namespace tagger {

struct BootstrapOptions {
  std::int64_t resamples = 1000;  ///< 0: no intervals
  std::uint64_t seed = 0;
  double confidence = 0.95;  ///< how often intervals made so hold the true number
  int threads = static_cast<int>(std::max(1U, std::thread::hardware_concurrency()));
};

/// How often each of `pictures` pictures is drawn, if as many are drawn with replacement. A function of (seed,
/// resample).
inline std::vector<std::uint32_t> bootstrap_weights(std::int64_t pictures, std::uint64_t seed, std::int64_t resample) {
  std::vector<std::uint32_t> weights(static_cast<std::size_t>(pictures));
  Random random{seed, 0, static_cast<std::uint64_t>(resample)};
  for (std::int64_t i = 0; i < pictures; ++i) ++weights[random.below(static_cast<std::uint64_t>(pictures))];
  return weights;
}

/// The numbers of resamples, the same whatever the number of threads. Of so many scores that the threads together would
/// take more than two gigabytes, fewer threads work.
/// \returns (M, resamples): a column a resample
inline Eigen::ArrayXXd bootstrap(const PreparedMetrics& metrics, const BootstrapOptions& options) {
  std::vector<std::vector<double>> numbers(static_cast<std::size_t>(options.resamples));
  const std::int64_t bytes = static_cast<std::int64_t>(sizeof(Tie)) * metrics.pictures() * metrics.labels() + 1;
  const auto threads =
      static_cast<int>(std::clamp<std::int64_t>((std::int64_t{2} << 30) / bytes, 1, std::max(options.threads, 1)));
  detail::parallel_for(options.resamples, threads, [&](std::int64_t resample) {
    numbers[static_cast<std::size_t>(resample)] =
        metrics(bootstrap_weights(metrics.pictures(), options.seed, resample));
  });
  Eigen::ArrayXXd table(numbers.empty() ? 0 : std::ssize(numbers.front()), options.resamples);
  for (Eigen::Index i = 0; i < table.cols(); ++i) {
    table.col(i) = Eigen::Map<const Eigen::ArrayXd>(numbers[static_cast<std::size_t>(i)].data(), table.rows());
  }
  return table;
}

/// The percentile interval: what lies between the outermost (1 - confidence) / 2 of `values` on either side, with
/// numpy.percentile's interpolation; NaN is left out. Efron and Tibshirani, An introduction to the bootstrap, 1993,
/// chapter 13.
/// \returns NaN and NaN without values
inline Interval percentile_interval(std::vector<double> values, double confidence) {
  std::erase_if(values, [](double value) { return std::isnan(value); });
  if (values.empty()) return {std::numeric_limits<double>::quiet_NaN(), std::numeric_limits<double>::quiet_NaN()};
  std::ranges::sort(values);
  const auto percentile = [&](double share) {
    const double place = share * static_cast<double>(values.size() - 1);
    const auto below = static_cast<std::size_t>(place);
    const std::size_t above = std::min(below + 1, values.size() - 1);
    return values[below] + (place - std::floor(place)) * (values[above] - values[below]);
  };
  return {percentile((1 - confidence) / 2), percentile((1 + confidence) / 2)};
}

}  // namespace tagger
