#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <utility>
#include <vector>

#include <tagger/activation/sigmoid.hpp>
#include <tagger/activation/softmax.hpp>
#include <tagger/closest_name.hpp>
#include <tagger/error.hpp>

namespace tagger {

/// The activations that can be chosen by name at run time.
using Activations = std::tuple<Sigmoid, Softmax>;

/// What scores mean, when that is known at run time only.
struct MeaningAtRunTime {
  std::string_view description;
  bool operator==(const MeaningAtRunTime&) const = default;
};

/// The names of a list of policies, in its order.
template <class List>
std::vector<std::string> policy_names() {
  return []<class... P>(std::type_identity<std::tuple<P...>>) {
    return std::vector<std::string>{std::string(P::name)...};
  }(std::type_identity<List>{});
}

/// An activation chosen at run time: any model of Activation, or one of a list by its name.
/// Models: Activation.
class AnyActivation {
 public:
  using Meaning = MeaningAtRunTime;
  static constexpr std::string_view name = "any";

  template <class A>
    requires(!std::same_as<A, AnyActivation>) && Activation<A>
  AnyActivation(A activation)  // NOLINT: every activation is an AnyActivation
      : chosen_(A::name), meaning_{A::Meaning::description}, apply_(std::move(activation)) {}

  /// \throws OptionError, listing the valid names
  template <class List = Activations>
  static AnyActivation named(std::string_view name) {
    return find<List>("activation", name, [&]<class A>() { return A::name == name; });
  }

  /// The first activation of List whose scores mean `meaning`: the one that goes with a loss.
  template <class List = Activations>
  static AnyActivation that_means(const MeaningAtRunTime& meaning) {
    return find<List>("activation for", meaning.description,
                      [&]<class A>() { return A::Meaning::description == meaning.description; });
  }

  Scores operator()(const Logits& logits) const { return apply_(logits); }
  std::string_view chosen() const { return chosen_; }
  const MeaningAtRunTime& meaning() const { return meaning_; }

 private:
  template <class List>
  static AnyActivation find(std::string_view kind, std::string_view wanted, auto matches) {
    std::vector<AnyActivation> found;
    [&]<class... A>(std::type_identity<std::tuple<A...>>) {
      (void)((matches.template operator()<A>() && (found.emplace_back(A{}), true)) || ...);
    }(std::type_identity<List>{});
    if (found.empty()) throw OptionError(unknown_name_message(kind, wanted, policy_names<List>()));
    return found.front();
  }

  std::string_view chosen_;
  MeaningAtRunTime meaning_;
  std::function<Scores(const Logits&)> apply_;
};

static_assert(Activation<AnyActivation>);

}  // namespace tagger
