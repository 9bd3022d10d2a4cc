#pragma once

#include <functional>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <utility>
#include <vector>

#include <tagger/activation/any_activation.hpp>
#include <tagger/loss/binary_cross_entropy.hpp>
#include <tagger/loss/softmax_cross_entropy.hpp>

namespace tagger {

/// The losses that can be chosen by name at run time.
using Losses = std::tuple<BinaryCrossEntropy, SoftmaxCrossEntropy>;

/// A loss chosen at run time: any model of Loss, or one of a list by its name.
/// Models: Loss.
class AnyLoss {
 public:
  using Meaning = MeaningAtRunTime;
  static constexpr std::string_view name = "any";

  template <class L>
    requires(!std::same_as<L, AnyLoss>) && Loss<L>
  AnyLoss(L loss)  // NOLINT: every loss is an AnyLoss
      : chosen_(L::name), meaning_{L::Meaning::description}, apply_(std::move(loss)) {}

  /// \throws OptionError, listing the valid names
  template <class List = Losses>
  static AnyLoss named(std::string_view name) {
    std::vector<AnyLoss> found;
    [&]<class... L>(std::type_identity<std::tuple<L...>>) {
      (void)((L::name == name && (found.emplace_back(L{}), true)) || ...);
    }(std::type_identity<List>{});
    if (found.empty()) throw OptionError(unknown_name_message("loss", name, policy_names<List>()));
    return found.front();
  }

  at::Tensor operator()(const Logits& logits, const Targets& targets) const { return apply_(logits, targets); }
  std::string_view chosen() const { return chosen_; }
  const MeaningAtRunTime& meaning() const { return meaning_; }

 private:
  std::string_view chosen_;
  MeaningAtRunTime meaning_;
  std::function<at::Tensor(const Logits&, const Targets&)> apply_;
};

static_assert(Loss<AnyLoss>);

}  // namespace tagger
