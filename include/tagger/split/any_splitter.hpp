#pragma once

#include <concepts>
#include <cstddef>
#include <functional>
#include <string>
#include <string_view>
#include <tuple>
#include <utility>
#include <vector>

#include <tagger/configurable.hpp>
#include <tagger/named_policy.hpp>
#include <tagger/split/first.hpp>
#include <tagger/split/random.hpp>
#include <tagger/split/stratified.hpp>

namespace tagger {

/// The splitters that can be chosen by name at run time.
using Splitters = std::tuple<FirstSplit, RandomSplit, StratifiedSplit>;

/// A splitter chosen at run time: any model of Splitter, or one of a list by its name. Models: Splitter.
class AnySplitter {
 public:
  static constexpr std::string_view name = "any";

  AnySplitter() : AnySplitter(FirstSplit{}) {}

  template <class S>
    requires(!std::same_as<S, AnySplitter>) && Splitter<S>
  AnySplitter(S splitter)  // NOLINT: every splitter is an AnySplitter
      : chosen_(policy_text(S::name, splitter)), assign_(std::move(splitter)) {}

  /// \param text  NAME[:FIELD=VALUE]...  \throws OptionError, listing the valid names
  template <class List = Splitters>
  static AnySplitter named(std::string_view text) {
    return named_policy<List, AnySplitter>("split", text);
  }

  std::vector<std::size_t> operator()(const Annotations& annotations, const Groups& groups,
                                      const std::vector<double>& sizes) const {
    return assign_(annotations, groups, sizes);
  }
  const std::string& chosen() const { return chosen_; }

 private:
  std::string chosen_;
  std::function<std::vector<std::size_t>(const Annotations&, const Groups&, const std::vector<double>&)> assign_;
};

static_assert(Splitter<AnySplitter>);

}  // namespace tagger
