#pragma once

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <tuple>
#include <utility>

#include <tagger/configurable.hpp>
#include <tagger/loss/asymmetric.hpp>
#include <tagger/loss/binary_cross_entropy.hpp>
#include <tagger/loss/distribution_balanced.hpp>
#include <tagger/loss/entropy_maximization.hpp>
#include <tagger/loss/focal.hpp>
#include <tagger/loss/hill.hpp>
#include <tagger/loss/large_loss.hpp>
#include <tagger/loss/pairwise.hpp>
#include <tagger/loss/partial_binary_cross_entropy.hpp>
#include <tagger/loss/poly1.hpp>
#include <tagger/loss/selective_asymmetric.hpp>
#include <tagger/loss/softmax_cross_entropy.hpp>
#include <tagger/loss/splc.hpp>
#include <tagger/loss/sum_of.hpp>
#include <tagger/loss/two_way.hpp>
#include <tagger/loss/weak_negative.hpp>
#include <tagger/loss/zlpr.hpp>
#include <tagger/named_policy.hpp>
#include <tagger/training_hooks.hpp>

namespace tagger {

/// The losses that can be chosen by name at run time.
using Losses = std::tuple<BinaryCrossEntropy, FocalLoss, AsymmetricLoss, TwoWayLoss, ZlprLoss, DistributionBalancedLoss,
                          Poly1Loss, HillLoss, SplcLoss, PartialBinaryCrossEntropy, SelectiveAsymmetricLoss, LargeLoss,
                          EntropyMaximization, WeakNegativeLoss, SoftmaxCrossEntropy, PairwiseLoss>;

/// A loss chosen at run time: any model of Loss, or one of a list by its name, or a sum of them.
/// Models: Loss.
class AnyLoss {
 public:
  using Meaning = MeaningAtRunTime;
  static constexpr std::string_view name = "any";

  template <class L>
    requires(!std::same_as<L, AnyLoss>) && Loss<L>
  AnyLoss(L loss)  // NOLINT: every loss is an AnyLoss
      : chosen_(text_of(loss)), meaning_(meaning(loss)), held_(new Holder<L>(std::move(loss))) {}

  AnyLoss(const AnyLoss& other) : chosen_(other.chosen_), meaning_(other.meaning_), held_(other.held_->copy()) {}
  AnyLoss& operator=(const AnyLoss& other) { return *this = AnyLoss(other); }
  AnyLoss(AnyLoss&&) = default;
  AnyLoss& operator=(AnyLoss&&) = default;

  /// \param text  NAME[:FIELD=VALUE]..., or a sum of such: `asymmetric:clip=0+0.5*hill`, see parse_sum()
  /// \throws OptionError, listing the valid names, or for a sum of losses that train scores of other meanings
  template <class List = Losses>
  static AnyLoss named(std::string_view text) {
    const auto terms = parse_sum(text);
    const auto loss_of = [&](const SumTerm& term) {
      return term.loss == text ? one_named<List>(text) : named<List>(term.loss);
    };
    AnyLoss sum = loss_of(terms.front());
    if (terms.front().weight != 1 && terms.size() == 1) sum = SumOf<AnyLoss>{{sum}, {terms.front().weight}};
    for (std::size_t i = 1; i < terms.size(); ++i) {
      sum = SumOf<AnyLoss, AnyLoss>{{sum, loss_of(terms[i])}, {i == 1 ? terms[0].weight : 1, terms[i].weight}};
    }
    return sum;
  }

  at::Tensor operator()(const Logits& logits, const Targets& targets) { return held_->apply(logits, targets); }
  void begin_training(const Annotations& train) { held_->begin_training(train); }
  void begin_epoch(std::int64_t epoch, std::int64_t epochs) { held_->begin_epoch(epoch, epochs); }
  NamedTensors state() { return held_->state(); }

  const std::string& chosen() const { return chosen_; }
  const MeaningAtRunTime& meaning() const { return meaning_; }

 private:
  template <class List>
  static AnyLoss one_named(std::string_view text) {
    return named_policy<List, AnyLoss>("loss", text);
  }

  template <Loss L>
  static MeaningAtRunTime meaning(const L& loss) {
    if constexpr (requires { loss.meaning(); }) {
      return loss.meaning();
    } else {
      return MeaningAtRunTime::of<typename L::Meaning>();
    }
  }

  struct Held {
    virtual ~Held() = default;
    virtual std::unique_ptr<Held> copy() const = 0;
    virtual at::Tensor apply(const Logits& logits, const Targets& targets) = 0;
    virtual void begin_training(const Annotations& train) = 0;
    virtual void begin_epoch(std::int64_t epoch, std::int64_t epochs) = 0;
    virtual NamedTensors state() = 0;
  };

  template <Loss L>
  struct Holder final : Held {
    explicit Holder(L loss) : loss(std::move(loss)) {}
    std::unique_ptr<Held> copy() const override { return std::make_unique<Holder>(loss); }
    at::Tensor apply(const Logits& logits, const Targets& targets) override { return loss(logits, targets); }
    void begin_training(const Annotations& train) override { hooks::begin_training(loss, train); }
    void begin_epoch(std::int64_t epoch, std::int64_t epochs) override { hooks::begin_epoch(loss, epoch, epochs); }
    NamedTensors state() override { return hooks::state(loss); }

    L loss;
  };

  std::string chosen_;
  MeaningAtRunTime meaning_;
  std::unique_ptr<Held> held_;
};

static_assert(Loss<AnyLoss>);

}  // namespace tagger
