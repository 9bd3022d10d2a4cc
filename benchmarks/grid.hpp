#pragma once

#include <algorithm>
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include <tagger/backbone/any_backbone.hpp>
#include <tagger/cli/option_set.hpp>
#include <tagger/cli/policy_value.hpp>
#include <tagger/head/any_head.hpp>
#include <tagger/loss/any_loss.hpp>
#include <tagger/policy_list.hpp>
#include <tagger/run/recipe.hpp>

/// The value of an option that takes several: a,b,c.
template <tagger::OptionValue T>
struct List {
  std::vector<T> values;
};

template <tagger::OptionValue T>
struct tagger::OptionTraits<List<T>> {
  static constexpr ConfigType config_type = ConfigType::text;

  static List<T> parse(std::string_view text) {
    List<T> list;
    for (std::size_t begin = 0; begin <= text.size();) {
      const std::size_t end = std::min(text.find(',', begin), text.size());
      list.values.push_back(OptionTraits<T>::parse(text.substr(begin, end - begin)));
      begin = end + 1;
    }
    return list;
  }
  static std::string format(const List<T>& list) {
    std::string text;
    for (const auto& value : list.values) text += (text.empty() ? "" : ",") + OptionTraits<T>::format(value);
    return text;
  }
};

/// A backbone's name, known to be one.
struct BackboneName {
  std::string name;
};

template <>
struct tagger::OptionTraits<BackboneName> {
  static constexpr ConfigType config_type = ConfigType::text;
  static BackboneName parse(std::string_view text) {
    visit_named<Backbones>("backbone", text, []<class B>() {});
    return {std::string(text)};
  }
  static std::string format(const BackboneName& backbone) { return backbone.name; }
};

/// Recipes to be compared: one, with every combination of some of its policies.
struct Grid {
  List<BackboneName> backbones{};  ///< empty: the recipe's
  List<tagger::AnyHeadOptions> heads{};
  List<tagger::AnyLoss> losses{};

  void describe(tagger::OptionSet& set) {
    using namespace tagger;
    set.option("backbones", backbones, "A,B,...", "each of these instead of --backbone")
        .listing(policy_names<Backbones>());
    set.option("heads", heads, "A,B,...", "each of these instead of --head, for example linear,csra:heads=4")
        .listing(policy_names<Heads>());
    set.option("losses", losses, "A,B,...", "each of these instead of --loss").listing(policy_names<Losses>());
  }

  bool empty() const { return backbones.values.empty() && heads.values.empty() && losses.values.empty(); }

  /// Every combination, losses changing fastest.
  std::vector<tagger::Recipe> recipes(const tagger::Recipe& recipe) const {
    std::vector<tagger::Recipe> all{recipe};
    const auto vary = [&all](const auto& values, const auto& set) {
      if (values.empty()) return;
      std::vector<tagger::Recipe> varied;
      for (const auto& each : all) {
        for (const auto& value : values) set(varied.emplace_back(each), value);
      }
      all = std::move(varied);
    };
    vary(backbones.values, [](auto& each, const auto& value) { each.backbone = value.name; });
    vary(heads.values, [](auto& each, const auto& value) { each.head = value; });
    vary(losses.values, [](auto& each, const auto& value) { each.loss = value; });
    return all;
  }
};

/// A name for a folder: words as they are, signs as others that need no quotes.
inline std::string folder_name(std::string_view text) {
  std::string name;
  for (const char c : text) {
    const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
                       c == '-' || c == '.' || c == '+';
    if (plain) {
      name += c;
    } else if (c == '*') {
      name += 'x';
    } else if (!name.empty() && name.back() != '-' && c != '>') {
      name += '-';
    }
  }
  return name;
}
