#pragma once

#include <concepts>
#include <functional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <tagger/cli/help.hpp>
#include <tagger/cli/option_set.hpp>
#include <tagger/cli/parse.hpp>

namespace tagger {

/// An aggregate whose fields are options: `void describe(OptionSet&)` binds each to a name.
template <typename T>
concept DescribesOptions = std::default_initializable<T> && requires(T options, OptionSet& set) {
  { options.describe(set) } -> std::same_as<void>;
};

/// Options that start from a set of values with a name where `--preset NAME` is given: `start_from(name)` sets them,
/// and leaves all as it is for a name that it does not know. What is given besides overrides them.
template <typename T>
concept HasPresets = DescribesOptions<T> && requires(T options, std::string_view name) {
  { options.start_from(name) } -> std::same_as<void>;
};

/// Something that a program can be told to do. Made by command().
struct Command {
  std::string name;     ///< "train"
  std::string summary;  ///< one sentence
  std::function<std::string(std::string_view program, const std::vector<std::string>& arguments)> help;
  /// Parses, runs, and returns the exit status. \throws OptionError for arguments that are not valid
  std::function<int(const std::vector<std::string>& arguments)> run;
};

namespace detail {

/// The options before any is given: their defaults, or those of a preset.
template <DescribesOptions Options>
Options initial_options(const std::vector<std::string>& arguments) {
  Options options{};
  if constexpr (HasPresets<Options>) {
    if (const auto preset = peek(arguments, "preset")) options.start_from(*preset);
  }
  return options;
}

}  // namespace detail

/// `command<TrainOptions>("train", "Train a tagger.", [](const TrainOptions& options) { ...; return 0; })`
template <DescribesOptions Options, std::invocable<const Options&> Run>
Command command(std::string name, std::string summary, Run run) {
  return {.name = std::move(name),
          .summary = summary,
          .help =
              [summary](std::string_view program, const std::vector<std::string>& arguments) {
                auto options = detail::initial_options<Options>(arguments);
                OptionSet set;
                options.describe(set);
                return help_text(program, summary, set);
              },
          .run = [run = std::move(run)](const std::vector<std::string>& arguments) -> int {
            auto options = detail::initial_options<Options>(arguments);
            {
              OptionSet set;
              options.describe(set);
              parse_arguments(arguments, set);
            }
            return run(std::as_const(options));
          }};
}

}  // namespace tagger
