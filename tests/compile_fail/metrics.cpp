// tier: light
// error: Metric<Total>
// error: metric\(slice\)
// error: metric\.parts\(\)
// error: AveragedBy
// A metric that gives one number for all slices; one of scores that gives text; one of means that does not say of
// which; a metric that says of itself alone how it is averaged, but does not say how.
#include <span>
#include <string>
#include <string_view>
#include <tuple>

#include <Eigen/Core>

#include <tagger/averaging/micro.hpp>
#include <tagger/metrics/concept.hpp>
#include <tagger/metrics/precision.hpp>

struct Total {
  static constexpr std::string_view name = "total";
#ifdef CORRECT
  Eigen::ArrayXd operator()(const tagger::Counts& counts) const { return counts.tp.cast<double>(); }
#else
  std::string operator()(const tagger::Counts& counts) const { return std::to_string(counts.tp.sum()); }
#endif
};
static_assert(tagger::Metric<Total>);

struct Wordy {
  static constexpr std::string_view name = "wordy";
#ifdef CORRECT
  double operator()(tagger::ScoredSlice) const { return 1; }
#else
  std::string operator()(tagger::ScoredSlice) const { return "good"; }
#endif
};
static_assert(tagger::ScoreMetric<Wordy>);

struct Partless {
  static constexpr std::string_view name = "partless";
#ifdef CORRECT
  auto parts() const { return std::tuple{tagger::Precision{}}; }
#endif
  double operator()(std::span<const double> averages) const { return averages[0]; }
};
static_assert(tagger::MetricOfMeans<Partless>);

struct Lonely : tagger::Precision {
#ifdef CORRECT
  using AveragedBy = tagger::Micro;
#endif
};
static_assert(tagger::AveragedMetric<Lonely>);
