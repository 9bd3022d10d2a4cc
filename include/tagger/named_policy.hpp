#pragma once

#include <optional>
#include <string_view>
#include <utility>

#include <tagger/configurable.hpp>
#include <tagger/policy_list.hpp>

namespace tagger {

/// The policy of a list that `text` names, with the values that it gives, as the type that holds any of them.
/// \param kind  "loss": what a person is told that he has not named
/// \param text  NAME[:FIELD=VALUE]...
/// \throws OptionError, listing the valid names, fields or values
template <class List, class Any>
Any named_policy(std::string_view kind, std::string_view text) {
  std::optional<Any> found;
  const PolicyText wanted = parse_policy(text);
  visit_named<List>(kind, wanted.name, [&]<class P>() {
    P policy{};
    configure(policy, wanted);
    found.emplace(std::move(policy));
  });
  return *std::move(found);
}

}  // namespace tagger
