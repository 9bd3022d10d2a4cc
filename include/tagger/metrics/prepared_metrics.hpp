#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <iterator>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include <Eigen/Core>

#include <tagger/error.hpp>
#include <tagger/metrics/confusion.hpp>
#include <tagger/metrics/counts.hpp>
#include <tagger/metrics/metric_set.hpp>
#include <tagger/metrics/parallel.hpp>
#include <tagger/metrics/ranking.hpp>
#include <tagger/metrics/scored_pictures.hpp>
#include <tagger/metrics/slices.hpp>
#include <tagger/metrics/top_k_predictions.hpp>
#include <tagger/metrics/weighted_counts.hpp>

namespace tagger {

/// The numbers of a MetricSet on pictures of which each counts as often as its weight says: all once is the evaluation,
/// random weights are those of a bootstrap. What does not depend on weights (orders of scores, values of single
/// pictures) is computed once. It refers to the pictures, which must outlive it.
class PreparedMetrics {
 public:
  /// Whether the orders of scores are kept, for many calls: 8 bytes for each picture and label, 16 with metrics of
  /// Slices::everything. Or made whenever they are needed. A call then takes 40 bytes for each picture and thread, and
  /// with metrics of Slices::everything for each picture and label.
  enum class Orders { made_when_needed, kept };

  /// \param scored  as check_scored_pictures() wants it
  PreparedMetrics(const ScoredPictures& scored, MetricSet set, Orders orders, int threads = 1)
      : scored_(scored), set_(std::move(set)) {
    for (const auto& number : set_.numbers()) {
      needed_[index(number.slices)].insert(needed_[index(number.slices)].end(), number.measures.begin(),
                                           number.measures.end());
    }
    for (auto& measures : needed_) {
      std::ranges::sort(measures);
      measures.erase(std::ranges::unique(measures).begin(), measures.end());
    }
    count(0, scored_.predictions);
    for (const auto& measure : set_.measures()) {
      if (confusions_.contains(measure.top_k)) continue;
      const auto made = best_.emplace(measure.top_k, top_k_predictions(scored_.targets, scored_.scores, measure.top_k));
      count(measure.top_k, made.first->second);
    }
    of_pictures_ = values(Slices::pictures, {}, threads);
    if (orders == Orders::kept) keep_orders(threads);
  }

  /// The numbers in the set's order; those a label are K places.
  /// \param weights  (N): how often each picture counts; empty: once
  std::vector<double> operator()(std::span<const std::uint32_t> weights = {}, int threads = 1) const {
    const Draw draw = drawn(weights);
    const std::array<Values, 3> values{this->values(Slices::everything, draw, threads),
                                       this->values(Slices::labels, draw, threads),
                                       weights.empty() ? of_pictures_ : drawn_pictures(draw)};
    std::map<std::pair<int, Slices>, Counts> counts;
    std::vector<double> numbers;
    for (const auto& number : set_.numbers()) {
      const std::pair slices{set_.measures()[number.measures.front()].top_k, number.slices};
      if (!counts.contains(slices)) counts.emplace(slices, counts_of(slices.first, slices.second, draw));
      std::vector<Eigen::ArrayXd> averages;
      for (const auto measure : number.measures) {
        averages.push_back(number.average(values[index(number.slices)][measure], counts.at(slices)));
        if (number.a_label && averages.back().size() != scored_.labels()) {
          throw DataError(number.name + " has " + std::to_string(averages.back().size()) + " values for " +
                          std::to_string(scored_.labels()) + " labels");
        }
      }
      std::vector<double> parts(averages.size());
      for (Eigen::Index i = 0; i < averages.front().size(); ++i) {
        std::ranges::transform(averages, parts.begin(), [i](const Eigen::ArrayXd& average) { return average[i]; });
        numbers.push_back(number.combine ? number.combine(parts) : parts.front());
      }
    }
    return numbers;
  }

  const MetricSet& set() const { return set_; }
  Eigen::Index pictures() const { return scored_.pictures(); }
  Eigen::Index labels() const { return scored_.labels(); }

  /// The counts of what was decided.
  const Confusion& confusion() const { return confusions_.at(0); }

 private:
  using Weights = std::span<const std::uint32_t>;
  using Values = std::vector<Eigen::ArrayXd>;  // (S) of each measure; empty where it is not needed

  /// Which pictures count, and how often.
  struct Draw {
    Weights weights;                  // empty: each once
    std::vector<Eigen::Index> picks;  // each picture as often as it counts; empty likewise
    std::map<int, Counts> by_label;   // as confusions_; empty likewise
  };

  static std::size_t index(Slices slices) { return static_cast<std::size_t>(slices); }

  const LabelMatrix& predictions(int top_k) const { return top_k == 0 ? scored_.predictions : best_.at(top_k); }

  void count(int top_k, const LabelMatrix& predictions) {
    confusions_.emplace(top_k, Confusion(scored_.labels())).first->second.add(scored_.targets, predictions);
  }

  void keep_orders(int threads) {
    const auto ranked = [&](Slices slices) {
      return std::ranges::any_of(needed_[index(slices)], [&](std::size_t measure) {
        return static_cast<bool>(set_.measures()[measure].of_scores);
      });
    };
    if (ranked(Slices::everything)) everything_ = detail::rank_everything(scored_);
    if (!ranked(Slices::labels)) return;
    by_label_.resize(static_cast<std::size_t>(scored_.labels()));
    detail::parallel_for(scored_.labels(), threads, [&](std::int64_t label) {
      std::vector<std::uint64_t> scratch;
      detail::rank_label(scored_, label, by_label_[static_cast<std::size_t>(label)], scratch);
    });
  }

  Draw drawn(Weights weights) const {
    Draw draw{.weights = weights, .picks = {}, .by_label = {}};
    if (weights.empty()) return draw;
    for (std::size_t i = 0; i < weights.size(); ++i) {
      draw.picks.insert(draw.picks.end(), weights[i], static_cast<Eigen::Index>(i));
    }
    for (const auto& [top_k, confusion] : confusions_) {
      draw.by_label.emplace(top_k, weighted_counts(scored_.targets, predictions(top_k), weights));
    }
    return draw;
  }

  Counts counts_of(int top_k, Slices slices, const Draw& draw) const {
    const Confusion& all = confusions_.at(top_k);
    if (draw.weights.empty()) return all.of(slices);
    if (slices == Slices::labels) return draw.by_label.at(top_k);
    if (slices == Slices::everything) return draw.by_label.at(top_k).total();
    const Counts whole = all.by_sample();
    Counts counts;
    counts.tp = whole.tp(draw.picks), counts.fp = whole.fp(draw.picks);
    counts.fn = whole.fn(draw.picks), counts.tn = whole.tn(draw.picks);
    return counts;
  }

  Values drawn_pictures(const Draw& draw) const {
    Values values(of_pictures_.size());
    for (const auto measure : needed_[index(Slices::pictures)]) values[measure] = of_pictures_[measure](draw.picks);
    return values;
  }

  /// Of each measure that is needed of these slices.
  Values values(Slices slices, const Draw& draw, int threads) const {
    Values values(set_.measures().size());
    std::vector<std::pair<const std::function<double(ScoredSlice)>*, Eigen::ArrayXd*>> of_scores;
    const Eigen::Index sizes[]{1, scored_.labels(), scored_.pictures()};
    std::map<int, Counts> counts;
    for (const auto measure : needed_[index(slices)]) {
      const auto& metric = set_.measures()[measure];
      if (metric.of_scores) {
        of_scores.emplace_back(&metric.of_scores, &(values[measure] = Eigen::ArrayXd(sizes[index(slices)])));
        continue;
      }
      if (!counts.contains(metric.top_k)) counts.emplace(metric.top_k, counts_of(metric.top_k, slices, draw));
      values[measure] = metric.of_counts(counts.at(metric.top_k));
    }
    if (of_scores.empty()) return values;
    each_slice(slices, draw.weights, threads, [&](Eigen::Index at, ScoredSlice slice) {
      for (const auto& [metric, value] : of_scores) (*value)[at] = (*metric)(slice);
    });
    return values;
  }

  /// Calls `use(index, slice)` for each of these slices, from several threads.
  template <class F>
  void each_slice(Slices slices, Weights weights, int threads, F use) const {
    if (slices == Slices::everything) {
      std::vector<Tie> ties;
      return use(
          0, everything_ ? everything_->slice(weights, ties) : detail::rank_everything(scored_).slice(weights, ties));
    }
    const bool kept = slices == Slices::labels && !by_label_.empty();
    const Eigen::Index size = slices == Slices::labels ? scored_.labels() : scored_.pictures();
    const Eigen::Index block = std::clamp<Eigen::Index>(size / (4 * threads), 1, 1024);  // buffers are reused within
    detail::parallel_for((size + block - 1) / block, threads, [&](std::int64_t part) {
      RankedScores made;
      std::vector<std::uint64_t> scratch;
      std::vector<Tie> ties;
      for (Eigen::Index at = part * block; at < std::min(size, (part + 1) * block); ++at) {
        if (!kept) (slices == Slices::labels ? detail::rank_label : detail::rank_picture)(scored_, at, made, scratch);
        use(at, (kept ? by_label_[static_cast<std::size_t>(at)] : made).slice(weights, ties));
      }
    });
  }

  ScoredPictures scored_;
  MetricSet set_;
  std::array<std::vector<std::size_t>, 3> needed_;  // measures, by the slices of which they are asked for
  std::map<int, LabelMatrix> best_;                 // what is predicted of the k best labels
  std::map<int, Confusion> confusions_;             // of these, and 0: of what was decided
  Values of_pictures_;
  std::optional<RankedScores> everything_;  // where it is kept
  std::vector<RankedScores> by_label_;      // (K), where they are kept
};

}  // namespace tagger
