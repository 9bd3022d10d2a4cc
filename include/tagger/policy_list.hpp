#pragma once

#include <algorithm>
#include <string>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <vector>

#include <tagger/closest_name.hpp>
#include <tagger/error.hpp>

namespace tagger {

/// The name that a type of policy has on a command line: `P::name`, a backbone's `P::spec().name`.
template <class P>
std::string name_of() {
  if constexpr (requires { P::name; }) {
    return std::string(P::name);
  } else {
    return P::spec().name;
  }
}

/// Calls `visit.template operator()<P>()` for each policy P of a list, in its order.
template <class List>
void for_each_policy(auto&& visit) {
  [&]<class... P>(std::type_identity<std::tuple<P...>>) {
    (visit.template operator()<P>(), ...);
  }(std::type_identity<List>{});
}

/// The names of a list of policies, a std::tuple, in its order.
template <class List>
std::vector<std::string> policy_names() {
  std::vector<std::string> names;
  for_each_policy<List>([&]<class P>() { names.push_back(name_of<P>()); });
  return names;
}

/// Calls `visit.template operator()<P>()` for the policy P of a list that is called `name`.
/// \param kind  "loss": what a person is told that he has not named
/// \throws OptionError, listing the valid names
template <class List, class Visit>
void visit_named(std::string_view kind, std::string_view name, Visit&& visit) {
  const auto names = policy_names<List>();
  const auto found = std::ranges::find(names, name);
  if (found == names.end()) throw OptionError(unknown_name_message(kind, name, names));
  // A table, not a chain of comparisons: half the code to compile where a list is long.
  [&]<class... P>(std::type_identity<std::tuple<P...>>) {
    using Call = void (*)(std::remove_reference_t<Visit>&);
    static constexpr Call calls[] = {[](auto& visit) { visit.template operator()<P>(); }...};
    calls[found - names.begin()](visit);
  }(std::type_identity<List>{});
}

}  // namespace tagger
