#pragma once

#include <algorithm>
#include <cstddef>
#include <deque>
#include <filesystem>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include <tagger/cli/option.hpp>
#include <tagger/cli/option_value.hpp>
#include <tagger/closest_name.hpp>
#include <tagger/error.hpp>

namespace tagger {

/// The options of a command, each bound to the field that it fills; the field's value before parsing is the default.
///
///     struct TrainOptions {
///       std::filesystem::path annotations;
///       std::int64_t batch_size = 32;
///       bool resume = false;
///
///       void describe(tagger::OptionSet& set) {
///         set.option("annotations", annotations, "A.json", "pictures to train on and their labels").required();
///         set.option("batch-size", batch_size, "N", "pictures a step").at_least(1);
///         set.flag("resume", resume, "go on from the last checkpoint");
///       }
///     };
///
/// The fields must outlive the set.
class OptionSet {
 public:
  OptionSet() = default;
  OptionSet(const OptionSet&) = delete;
  OptionSet& operator=(const OptionSet&) = delete;

  /// Options described from here on stand under this heading in `--help`.
  void section(std::string heading) { section_ = std::move(heading); }

  /// `--name VALUE`
  template <OptionValue T>
  Option<T> option(std::string name, T& field, std::string placeholder, std::string help) {
    auto& entry = add(std::move(name), std::move(placeholder), std::move(help), OptionTraits<T>::config_type);
    auto check = std::make_shared<typename Option<T>::Check>();
    entry.default_text = OptionTraits<T>::format(field);
    entry.assign = [&field, check](std::span<const std::string> texts) { field = value_of<T>(texts.front(), *check); };
    return {entry, check};
  }

  /// `--name VALUE`, where it matters whether it was given.
  template <OptionValue T>
  Option<T> option(std::string name, std::optional<T>& field, std::string placeholder, std::string help) {
    auto& entry = add(std::move(name), std::move(placeholder), std::move(help), OptionTraits<T>::config_type);
    auto check = std::make_shared<typename Option<T>::Check>();
    if (field) entry.default_text = OptionTraits<T>::format(*field);
    entry.assign = [&field, check](std::span<const std::string> texts) { field = value_of<T>(texts.front(), *check); };
    return {entry, check, field.has_value()};
  }

  /// `--name VALUE --name VALUE`, a list in a configuration file. What is given replaces the default.
  template <OptionValue T>
  Option<T> option(std::string name, std::vector<T>& field, std::string placeholder, std::string help) {
    auto& entry = add(std::move(name), std::move(placeholder), std::move(help), OptionTraits<T>::config_type);
    auto check = std::make_shared<typename Option<T>::Check>();
    entry.repeatable = true;
    for (const auto& each : field) {
      entry.default_text += (entry.default_text.empty() ? "" : ", ") + OptionTraits<T>::format(each);
    }
    entry.assign = [&field, check](std::span<const std::string> texts) {
      std::vector<T> values;
      for (const auto& text : texts) values.push_back(value_of<T>(text, *check));
      field = std::move(values);
    };
    return {entry, check};
  }

  /// `--name`, which `--no-name` takes back (where a configuration file has set it).
  void flag(std::string name, bool& field, std::string help) {
    auto& entry = add(std::move(name), "", std::move(help), ConfigType::boolean);
    entry.assign = [&field](std::span<const std::string> texts) { field = texts.front() == "true"; };
  }

  /// `--name NAME`, an enumeration whose values count from 0, as `names` does.
  template <typename E>
    requires std::is_enum_v<E>
  void choice(std::string name, E& field, std::span<const std::string_view> names, std::string help) {
    auto& entry = add(std::move(name), "NAME", std::move(help), ConfigType::text);
    const auto current = static_cast<std::size_t>(field);
    if (current < names.size()) entry.default_text = names[current];
    const std::vector<std::string> valid(names.begin(), names.end());
    for (const auto& each : valid) entry.valid += (entry.valid.empty() ? "one of: " : ", ") + each;
    entry.assign = [&field, valid](std::span<const std::string> texts) {
      field = static_cast<E>(index_of(texts.front(), valid));
    };
  }

  /// Arguments without a name, in order: all that no positional described before it has taken.
  template <OptionValue T>
  Option<T> positional(std::string placeholder, std::vector<T>& field, std::string help) {
    return option("", field, std::move(placeholder), std::move(help));
  }
  /// One argument without a name.
  template <OptionValue T>
  Option<T> positional(std::string placeholder, T& field, std::string help) {
    return option("", field, std::move(placeholder), std::move(help));
  }

  /// A line of `--help` about a file that the command reads or writes: `set.file("RUN/report.html", "the page")`.
  void file(std::string path_template, std::string help) {
    files_.emplace_back(std::move(path_template), std::move(help));
  }

  std::deque<OptionEntry>& entries() { return entries_; }
  const std::deque<OptionEntry>& entries() const { return entries_; }
  const std::vector<std::pair<std::string, std::string>>& files() const { return files_; }

  OptionEntry* find(std::string_view name) {
    for (auto& entry : entries_) {
      if (!entry.is_positional() && entry.name == name) return &entry;
    }
    return nullptr;
  }

 private:
  OptionEntry& add(std::string name, std::string placeholder, std::string help, ConfigType type) {
    auto& entry = entries_.emplace_back();
    entry.name = std::move(name);
    entry.placeholder = std::move(placeholder);
    entry.help = std::move(help);
    entry.section = entry.is_positional() ? "Arguments" : section_;
    entry.config_type = type;
    return entry;
  }

  /// \throws OptionError, listing the valid names
  static std::size_t index_of(const std::string& name, const std::vector<std::string>& valid) {
    const auto found = std::find(valid.begin(), valid.end(), name);
    if (found == valid.end()) throw OptionError(unknown_name_message("name", name, valid));
    return static_cast<std::size_t>(found - valid.begin());
  }

  template <typename T>
  static T value_of(const std::string& text, const typename Option<T>::Check& check) {
    T value = OptionTraits<T>::parse(text);
    if (check) check(value);
    return value;
  }

  std::deque<OptionEntry> entries_;  // handles refer to entries: they must not move
  std::vector<std::pair<std::string, std::string>> files_;
  std::string section_ = "Options";
};

}  // namespace tagger
