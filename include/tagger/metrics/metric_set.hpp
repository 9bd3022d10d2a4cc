#pragma once

#include <algorithm>
#include <concepts>
#include <cstddef>
#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <utility>
#include <vector>

#include <Eigen/Core>

#include <tagger/averaging/concept.hpp>
#include <tagger/metrics/concept.hpp>
#include <tagger/metrics/counts.hpp>
#include <tagger/metrics/metric_values.hpp>
#include <tagger/metrics/ranking.hpp>
#include <tagger/metrics/slices.hpp>

namespace tagger {

/// Metrics joined to averagings: which numbers an evaluation has, in which order, under which names.
///
///     MetricSet set;
///     set.add(RocAuc{}, Macro{}, Micro{});            // macro/roc_auc, micro/roc_auc
///     set.add(RankingLoss{});                         // ranking_loss: its averaging is its own
///     set.add_at(3, F1{}, Macro{});                   // macro/f1_at_3: the three best labels of each picture
///     set.add(std::tuple{Precision{}, Recall{}}, std::tuple{Micro{}, Macro{}});  // averaging by averaging
class MetricSet {
 public:
  /// A metric of any kind, whose values are computed once for all averagings of the same slices.
  struct Measure {
    std::function<Eigen::ArrayXd(const Counts&)> of_counts{};
    std::function<double(ScoredSlice)> of_scores{};  ///< one of the two
    int top_k = 0;  ///< of counts: the labels predicted are a picture's k best; 0: those that were decided
  };

  /// One number, or one a label, made of the averages of measures of the same slices.
  struct Number {
    std::string name;
    Slices slices = Slices::everything;
    bool a_label = false;  ///< as many numbers as labels
    std::vector<std::size_t> measures;
    std::function<Eigen::ArrayXd(const Eigen::ArrayXd& values, const Counts& slices)> average;  ///< (1), or (K)
    std::function<double(std::span<const double>)> combine;  ///< of the measures' averages; none: the only one's
  };

  /// Adds `metric` under each averaging.
  template <class M, Averaging... A>
    requires(sizeof...(A) > 0)
  MetricSet& add(const M& metric, const A&... averagings) {
    return add(std::tuple{metric}, std::tuple{averagings...});
  }

  /// Adds a metric with the averaging that is its own, under its bare name.
  template <AveragedMetric M>
  MetricSet& add(const M& metric) {
    append(std::string(M::name), typename M::AveragedBy{}, measures_of(metric, 0), {});
    return *this;
  }

  /// Adds every metric under every averaging, averaging by averaging.
  template <class... M, Averaging... A>
  MetricSet& add(const std::tuple<M...>& metrics, const std::tuple<A...>& averagings) {
    add_all(metrics, averagings, 0);
    return *this;
  }

  /// Adds metrics of counts, named "macro/f1_at_3", of the `k` labels of each picture that score highest.
  template <class... M, Averaging... A>
  MetricSet& add_at(int k, const std::tuple<M...>& metrics, const std::tuple<A...>& averagings) {
    static_assert(((Metric<M> || MetricOfMeans<M>) && ...), "only metrics of counts have an \"at k\"");
    add_all(metrics, averagings, k);
    return *this;
  }

  /// Adds the numbers of `other` after one's own.
  MetricSet& add(const MetricSet& other) {
    return add_if(other, [](const Number&) { return true; });
  }

  /// Those of them whose names are not here yet.
  MetricSet& add_missing(const MetricSet& other) {
    return add_if(other, [this](const Number& number) {
      return std::ranges::find(numbers_, number.name, &Number::name) == numbers_.end();
    });
  }

  const std::vector<Measure>& measures() const { return measures_; }
  const std::vector<Number>& numbers() const { return numbers_; }

  /// What the numbers are called; those a label have a name each, "per_label/f1/sky".
  std::vector<std::string> names(const std::vector<std::string>& labels) const {
    std::vector<std::string> names;
    for (const auto& number : numbers_) {
      if (!number.a_label) names.push_back(number.name);
      if (!number.a_label) continue;
      for (const auto& label : labels) names.push_back(number.name + "/" + label);
    }
    return names;
  }

  /// Whether scores must lie in [0, 1].
  bool of_probabilities() const { return of_probabilities_; }

 private:
  using Measures = std::vector<std::size_t>;

  template <class Wanted>
  MetricSet& add_if(const MetricSet& other, Wanted wanted) {
    const std::size_t own = measures_.size();
    for (const auto& measure : other.measures_) measures_.push_back(measure);
    for (Number number : other.numbers_) {
      if (!wanted(number)) continue;
      for (auto& measure : number.measures) measure += own;
      numbers_.push_back(std::move(number));
    }
    of_probabilities_ |= other.of_probabilities_;
    return *this;
  }

  template <class... M, class... A>
  void add_all(const std::tuple<M...>& metrics, const std::tuple<A...>& averagings, int top_k) {
    const auto suffix = top_k > 0 ? "_at_" + std::to_string(top_k) : std::string();
    const auto measured =
        std::apply([&](const auto&... each) { return std::vector<Measures>{measures_of(each, top_k)...}; }, metrics);
    const auto add_one = [&](const auto& averaging) {
      auto measures = measured.begin();
      const auto join = [&](const auto& metric) {
        using Metric = std::remove_cvref_t<decltype(metric)>;
        std::string name(averaging.name);
        name.append("/").append(Metric::name).append(suffix);
        if constexpr (MetricOfMeans<Metric>) {
          append(std::move(name), averaging, *measures++, metric);
        } else {
          append(std::move(name), averaging, *measures++, {});
        }
      };
      std::apply([&](const auto&... metric) { (join(metric), ...); }, metrics);
    };
    std::apply([&](const auto&... averaging) { (add_one(averaging), ...); }, averagings);
  }

  /// Makes measures of the metric, and says where they are.
  template <class M>
  Measures measures_of(const M& metric, int top_k) {
    if constexpr (MetricOfMeans<M>) {
      return std::apply([&](const auto&... part) { return Measures{measures_of(part, top_k).front()...}; },
                        metric.parts());
    } else {
      static_assert(Metric<M> || ScoreMetric<M>, "this models no concept of metrics/concept.hpp");
      if constexpr (requires { M::of_probabilities; }) of_probabilities_ |= M::of_probabilities;
      Measure& measure = measures_.emplace_back();
      measure.top_k = top_k;
      if constexpr (Metric<M>) {
        measure.of_counts = [metric](const Counts& counts) { return metric_values(metric, counts); };
      } else {
        measure.of_scores = metric;
      }
      return {measures_.size() - 1};
    }
  }

  template <Averaging A>
  void append(std::string name, const A& averaging, Measures measures,
              std::function<double(std::span<const double>)> combine) {
    numbers_.push_back({.name = std::move(name),
                        .slices = A::slices,
                        .a_label = !std::same_as<decltype(averaging.average({}, {})), double>,
                        .measures = std::move(measures),
                        .average = [averaging](const Eigen::ArrayXd& values, const Counts& slices) -> Eigen::ArrayXd {
                          const auto average = averaging.average(values, slices);
                          if constexpr (std::same_as<decltype(average), const double>) {
                            return Eigen::ArrayXd::Constant(1, average);
                          } else {
                            return average;
                          }
                        },
                        .combine = std::move(combine)});
  }

  std::vector<Measure> measures_;
  std::vector<Number> numbers_;
  bool of_probabilities_ = false;
};

}  // namespace tagger
