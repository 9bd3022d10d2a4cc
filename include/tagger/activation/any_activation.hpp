#pragma once

#include <concepts>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <tuple>
#include <utility>

#include <tagger/activation/identity.hpp>
#include <tagger/activation/sigmoid.hpp>
#include <tagger/activation/softmax.hpp>
#include <tagger/configurable.hpp>
#include <tagger/named_policy.hpp>
#include <tagger/policy_list.hpp>

namespace tagger {

/// The activations that can be chosen by name at run time.
using Activations = std::tuple<Sigmoid, Softmax, Margin, Rank>;

/// An activation chosen at run time: any model of Activation, or one of a list by its name.
/// Models: Activation.
class AnyActivation {
 public:
  using Meaning = MeaningAtRunTime;
  static constexpr std::string_view name = "any";

  template <class A>
    requires(!std::same_as<A, AnyActivation>) && Activation<A>
  AnyActivation(A activation)  // NOLINT: every activation is an AnyActivation
      : chosen_(policy_text(A::name, activation)),
        meaning_(MeaningAtRunTime::of<typename A::Meaning>()),
        apply_(std::move(activation)) {}

  /// \param text  NAME[:FIELD=VALUE]...  \throws OptionError, listing the valid names
  template <class List = Activations>
  static AnyActivation named(std::string_view text) {
    return named_policy<List, AnyActivation>("activation", text);
  }

  /// The first activation of List whose scores mean `meaning`: the one that goes with a loss.
  /// \throws OptionError when there is none
  template <class List = Activations>
  static AnyActivation that_means(const MeaningAtRunTime& meaning) {
    std::optional<AnyActivation> found;
    for_each_policy<List>([&]<class A>() {
      if (!found && MeaningAtRunTime::of<typename A::Meaning>() == meaning) found.emplace(A{});
    });
    if (!found) throw OptionError("no activation gives " + std::string(meaning.description));
    return *std::move(found);
  }

  Scores operator()(const Logits& logits) const { return apply_(logits); }
  const std::string& chosen() const { return chosen_; }
  const MeaningAtRunTime& meaning() const { return meaning_; }

 private:
  std::string chosen_;
  MeaningAtRunTime meaning_;
  std::function<Scores(const Logits&)> apply_;
};

static_assert(Activation<AnyActivation>);

}  // namespace tagger
