#pragma once

#include <array>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <tuple>
#include <utility>
#include <vector>

#include <tagger/configurable.hpp>
#include <tagger/loss/concept.hpp>
#include <tagger/loss/sum_text.hpp>
#include <tagger/named_tensors.hpp>
#include <tagger/training_hooks.hpp>

namespace tagger {

/// The weighted sum of losses that train scores of the same meaning:
///
///     SumOf<AsymmetricLoss, HillLoss>{.losses = {{.clip = 0}, {}}, .weights = {1, 0.5}}
///
/// By name, AnyLoss::named("asymmetric:clip=0+0.5*hill"). Weights are 1 by default. Each loss sees the hooks.
/// Models: Loss.
template <Loss First, Loss... More>
struct SumOf {
  static_assert(
      (std::same_as<typename First::Meaning, typename More::Meaning> && ...),
      "SumOf: these losses train scores of different meanings (L::Meaning), such as probabilities and margins "
      "around 0; no activation and no threshold fits both");

  using Meaning = typename First::Meaning;
  static constexpr std::string_view name{"sum"};
  static constexpr std::size_t size = 1 + sizeof...(More);

  std::tuple<First, More...> losses{};
  std::array<double, size> weights = ones();

  at::Tensor operator()(const Logits& logits, const Targets& targets) {
    at::Tensor sum;
    for_each([&](auto& loss, std::size_t i) {
      const at::Tensor term = loss(logits, targets).mul(weights[i]);
      sum = sum.defined() ? sum.add(term) : term;
    });
    return sum;
  }

  void begin_training(const Annotations& train) {
    for_each([&](auto& loss, std::size_t) { hooks::begin_training(loss, train); });
  }
  void begin_epoch(std::int64_t epoch, std::int64_t epochs) {
    for_each([&](auto& loss, std::size_t) { hooks::begin_epoch(loss, epoch, epochs); });
  }
  /// Those of the first loss are "0.NAME".
  NamedTensors state() {
    NamedTensors all;
    for_each([&](auto& loss, std::size_t i) {
      for (auto& [tensor, value] : hooks::state(loss)) all.emplace_back(std::to_string(i) + "." + tensor, value);
    });
    return all;
  }

  /// In words, as AnyLoss::named reads it.
  std::string chosen() const {
    std::vector<SumTerm> terms;
    for_each([&](const auto& loss, std::size_t i) { terms.push_back({weights[i], text_of(loss)}); });
    return sum_text(terms);
  }

  /// What the scores mean, of losses that are chosen at run time.
  /// \throws OptionError when they do not train scores of the same meaning
  const MeaningAtRunTime& meaning() const
    requires std::same_as<Meaning, MeaningAtRunTime>
  {
    const auto& first = std::get<0>(losses);
    for_each([&](const auto& loss, std::size_t) {
      if (loss.meaning() == first.meaning()) return;
      throw OptionError("the losses " + first.chosen() + " and " + loss.chosen() + " cannot be summed: one trains " +
                        std::string(first.meaning().description) + ", the other " +
                        std::string(loss.meaning().description));
    });
    return first.meaning();
  }

 private:
  static constexpr std::array<double, size> ones() {
    std::array<double, size> all{};
    all.fill(1);
    return all;
  }

  void for_each(auto&& call) { apply(losses, call); }
  void for_each(auto&& call) const { apply(losses, call); }
  static void apply(auto& all, auto&& call) {
    [&]<std::size_t... I>(std::index_sequence<I...>) {
      (call(std::get<I>(all), I), ...);
    }(std::make_index_sequence<size>{});
  }
};

}  // namespace tagger
