#pragma once

#include <concepts>
#include <string>
#include <string_view>

#include <tagger/cli/option_value.hpp>

namespace tagger {

/// A policy that is chosen by name: AnyLoss, AnyHeadOptions and their kin.
template <class P>
concept NamedPolicy = requires(std::string_view text, const P& policy) {
  { P::named(text) } -> std::same_as<P>;
  { policy.chosen() } -> std::convertible_to<std::string>;
};

/// Policies in words: NAME[:FIELD=VALUE]...
template <NamedPolicy P>
struct OptionTraits<P> {
  static constexpr ConfigType config_type = ConfigType::text;
  static P parse(std::string_view text) { return P::named(text); }
  static std::string format(const P& policy) { return policy.chosen(); }
};

}  // namespace tagger
