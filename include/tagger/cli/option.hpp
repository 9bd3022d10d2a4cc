#pragma once

#include <algorithm>
#include <concepts>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include <tagger/cli/option_value.hpp>
#include <tagger/closest_name.hpp>
#include <tagger/error.hpp>

namespace tagger {

/// An option without its type: what parsing and `--help` need to know.
struct OptionEntry {
  std::string name;         ///< without dashes; empty for positional arguments
  std::string placeholder;  ///< "FILE"; empty for a flag
  std::string help;
  std::string section;       ///< the heading that it stands under in `--help`
  std::string default_text;  ///< empty where there is none
  std::string valid;         ///< "1 or more", "one of: adam, sgd"; empty where the type says it all
  ConfigType config_type = ConfigType::text;
  bool repeatable = false;
  bool required = false;
  bool given = false;
  /// Writes the field. \throws OptionError that says what a value must be, without naming the option
  std::function<void(std::span<const std::string>)> assign;

  bool is_flag() const { return config_type == ConfigType::boolean; }
  bool is_positional() const { return name.empty(); }
};

/// What OptionSet hands back to narrow an option down: `set.option("epochs", ...).at_least(1)`.
template <typename T>
class Option {
 public:
  using Check = std::function<void(const T&)>;

  /// \param has_value  of a field that may have none
  Option(OptionEntry& entry, std::shared_ptr<Check> check, bool has_value = false)
      : entry_(entry), check_(std::move(check)), has_value_(has_value) {}

  /// The program does not start without it.
  Option& required() {
    entry_.required = true;
    entry_.default_text.clear();
    return *this;
  }
  /// Shown as the default in `--help`, for fields whose default is worked out later ("all cores"); not in place of the
  /// value of one that may have none.
  Option& default_text(std::string text) {
    if (!has_value_) entry_.default_text = std::move(text);
    return *this;
  }
  Option& at_least(T low)
    requires std::is_arithmetic_v<T>
  {
    return only(OptionTraits<T>::format(low) + " or more", [low](T value) { return value >= low; });
  }
  Option& above(T low)
    requires std::is_arithmetic_v<T>
  {
    return only("above " + OptionTraits<T>::format(low), [low](T value) { return value > low; });
  }
  /// Both ends are valid.
  Option& between(T low, T high)
    requires std::is_arithmetic_v<T>
  {
    return only(OptionTraits<T>::format(low) + " to " + OptionTraits<T>::format(high),
                [=](T value) { return low <= value && value <= high; });
  }
  /// Shown in `--help` as what the value may be, for types that know themselves what they may be.
  template <NameRange Names>
  Option& listing(const Names& names) {
    entry_.valid = "one of:";
    bool first = true;
    for (const std::string_view name : names) {
      entry_.valid.append(std::exchange(first, false) ? " " : ", ").append(name);
    }
    return *this;
  }
  /// One of a list of names; another one is answered with the list and the closest.
  template <NameRange Names>
  Option& one_of(const Names& names)
    requires std::same_as<T, std::string>
  {
    listing(names);
    std::vector<std::string> valid;
    for (const std::string_view name : names) valid.emplace_back(name);
    *check_ = [valid = std::move(valid)](const std::string& value) {
      if (std::find(valid.begin(), valid.end(), value) == valid.end()) {
        throw OptionError(unknown_name_message("name", value, valid));
      }
    };
    return *this;
  }

 private:
  template <typename Predicate>
  Option& only(std::string valid, Predicate predicate) {
    entry_.valid = valid;
    std::string message = "needs " + std::string(OptionTraits<T>::noun) + ", " + valid;
    *check_ = [predicate, message = std::move(message)](const T& value) {
      if (!predicate(value)) throw OptionError(message);
    };
    return *this;
  }

  OptionEntry& entry_;
  std::shared_ptr<Check> check_;
  bool has_value_ = false;
};

}  // namespace tagger
