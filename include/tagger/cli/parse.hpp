#pragma once

#include <algorithm>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <boost/program_options/cmdline.hpp>
#include <boost/program_options/errors.hpp>
#include <boost/program_options/options_description.hpp>
#include <boost/program_options/parsers.hpp>
#include <boost/program_options/value_semantic.hpp>

#include <tagger/cli/config_file.hpp>
#include <tagger/cli/option_set.hpp>
#include <tagger/closest_name.hpp>
#include <tagger/error.hpp>

namespace tagger {

namespace detail {

/// Tokens of a command line: what was given for each option, in order; positional arguments under "".
inline std::map<std::string, std::vector<std::string>> tokenize(const std::vector<std::string>& arguments,
                                                                const OptionSet& set) {
  namespace po = boost::program_options;
  po::options_description description;
  std::vector<std::string> names{"config", "help"};
  description.add_options()("config", po::value<std::string>(), "")("help,h", "");
  for (const auto& entry : set.entries()) {
    if (entry.is_positional()) continue;
    names.push_back(entry.name);
    if (entry.is_flag()) {
      description.add_options()(entry.name.c_str(), "")(("no-" + entry.name).c_str(), "");
    } else {
      description.add_options()(entry.name.c_str(), po::value<std::string>(), "");
    }
  }

  namespace style = po::command_line_style;
  try {
    const auto parsed =
        po::command_line_parser(arguments)
            .options(description)
            .style(style::allow_long | style::long_allow_adjacent | style::long_allow_next | style::allow_short |
                   style::allow_dash_for_short | style::short_allow_next)  // no allow_guessing
            .run();
    std::map<std::string, std::vector<std::string>> tokens;
    for (const auto& option : parsed.options) {
      const bool next = option.original_tokens.size() == 2 && !option.value.empty();
      if (next && option.value.front().starts_with("--") &&
          std::find(names.begin(), names.end(), option.value.front().substr(2)) != names.end()) {
        throw OptionError("--" + option.string_key + ": needs a value");  // has taken the next option for one
      }
      auto& values = tokens[option.string_key];
      values.insert(values.end(), option.value.begin(), option.value.end());
      if (option.value.empty()) values.emplace_back("true");  // a flag
    }
    return tokens;
  } catch (const po::unknown_option& error) {
    std::string name = error.get_option_name();
    name.resize(std::min(name.find('='), name.size()));
    std::string message = "unknown option \"" + name + "\"";
    name.erase(0, name.find_first_not_of('-'));
    if (const auto closest = closest_name(name, names); !closest.empty()) {
      message.append("; did you mean \"--").append(closest).append("\"?");
    }
    throw OptionError(message);
  } catch (const po::invalid_command_line_syntax& error) {
    const bool surplus = error.kind() == po::invalid_syntax::extra_parameter ||
                         error.kind() == po::invalid_syntax::long_adjacent_not_allowed;
    throw OptionError(error.get_option_name() + (surplus ? ": takes no value" : ": needs a value"));
  } catch (const po::error& error) {
    throw OptionError(error.what());
  }
}

/// `--name` and `--no-name`, of which at most one is given, as "true" or "false".
inline std::vector<std::string> flag_tokens(const std::string& name,
                                            const std::map<std::string, std::vector<std::string>>& tokens) {
  const auto yes = tokens.find(name), no = tokens.find("no-" + name);
  if (yes != tokens.end() && no != tokens.end()) {
    throw OptionError("--" + name + ": is given and taken back by --no-" + name);
  }
  if (yes != tokens.end()) return yes->second;
  if (no != tokens.end()) return std::vector<std::string>(no->second.size(), "false");
  return {};
}

/// Deals positional arguments out: one to each entry that takes one, the rest to a repeatable one.
inline void assign_positionals(const std::vector<std::string>& arguments, OptionSet& set) {
  std::size_t next = 0;
  for (auto& entry : set.entries()) {
    if (!entry.is_positional() || next == arguments.size()) continue;
    const std::size_t count = entry.repeatable ? arguments.size() - next : 1;
    const std::vector<std::string> mine(arguments.begin() + static_cast<std::ptrdiff_t>(next),
                                        arguments.begin() + static_cast<std::ptrdiff_t>(next + count));
    try {
      entry.assign(mine);
    } catch (const OptionError& error) {
      throw OptionError(entry.placeholder + ": " + error.what());
    }
    entry.given = true;
    next += count;
  }
  if (next < arguments.size()) throw OptionError("unexpected argument \"" + arguments[next] + "\"");
}

}  // namespace detail

/// Whether `--help` or `-h` is among the arguments, before a `--`.
inline bool asks_for_help(const std::vector<std::string>& arguments) {
  const auto end = std::find(arguments.begin(), arguments.end(), "--");
  return std::find_if(arguments.begin(), end, [](const auto& each) { return each == "--help" || each == "-h"; }) != end;
}

/// The value of `--name` among the arguments, else in the file that `--config` names, before anything is parsed or
/// checked; nothing where it is not given.
inline std::optional<std::string> peek(const std::vector<std::string>& arguments, const std::string& name) {
  const auto given = [&](const std::string& option) -> std::optional<std::string> {
    const auto end = std::find(arguments.begin(), arguments.end(), "--");
    for (auto each = arguments.begin(); each != end; ++each) {
      if (*each == "--" + option && each + 1 != end) return *(each + 1);
      if (each->starts_with("--" + option + "=")) return each->substr(option.size() + 3);
    }
    return std::nullopt;
  };
  if (auto value = given(name)) return value;
  const auto path = given("config");
  if (!path) return std::nullopt;
  const auto config = detail::parse_config(*path);
  const auto found = config.find(name);
  return found != config.end() && found->is_string() ? std::optional(found->get<std::string>()) : std::nullopt;
}

/// Fills the fields that `set` is bound to from the arguments (without the program's name) and then from the file that
/// `--config` names. Names are never guessed from their beginning; no option is given twice, unless it is a list.
/// \throws OptionError that names the option, what it needs and, for a mistyped name, what was likely meant
inline void parse_arguments(const std::vector<std::string>& arguments, OptionSet& set) {
  const auto tokens = detail::tokenize(arguments, set);
  for (auto& entry : set.entries()) {
    if (entry.is_positional()) continue;
    const auto found = tokens.find(entry.name);
    std::vector<std::string> values;
    if (entry.is_flag()) {
      values = detail::flag_tokens(entry.name, tokens);
    } else if (found != tokens.end()) {
      values = found->second;
    }
    if (values.empty()) continue;
    if (values.size() > 1 && !entry.repeatable) throw OptionError("--" + entry.name + ": is given more than once");
    try {
      entry.assign(values);
    } catch (const OptionError& error) {
      throw OptionError("--" + entry.name + ": \"" + values.front() + "\": " + error.what());
    }
    entry.given = true;
  }
  const auto positionals = tokens.find("");
  detail::assign_positionals(positionals == tokens.end() ? std::vector<std::string>{} : positionals->second, set);

  if (const auto config = tokens.find("config"); config != tokens.end()) {
    if (config->second.size() > 1) throw OptionError("--config: is given more than once");
    read_config(config->second.front(), set);
  }
  for (const auto& entry : set.entries()) {
    if (!entry.required || entry.given) continue;
    throw OptionError(entry.is_positional() ? "needs at least one " + entry.placeholder
                                            : "--" + entry.name + ": is required");
  }
}

}  // namespace tagger
