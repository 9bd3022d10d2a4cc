#pragma once

#include <algorithm>
#include <csignal>
#include <exception>
#include <iostream>
#include <new>
#include <ranges>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <tagger/cli/command.hpp>
#include <tagger/cli/help.hpp>
#include <tagger/cli/option_set.hpp>
#include <tagger/cli/parse.hpp>
#include <tagger/closest_name.hpp>
#include <tagger/error.hpp>

namespace tagger {

/// A program: one command without a name, or several to choose from.
struct Program {
  std::string name;          ///< "tagger"
  std::string version;       ///< "0.1.0"
  std::string summary = {};  ///< one sentence; what a program of several commands is for
  std::vector<Command> commands;
};

namespace detail {

inline std::string program_help(const Program& program) {
  std::string text =
      "Usage: " + program.name + " COMMAND [OPTION...]\n\n" + wrapped(program.summary, 0, 0) + "\n\nCommands:\n";
  HelpRows commands;
  for (const auto& command : program.commands) commands.emplace_back(command.name, command.summary);
  const HelpRows general{{"COMMAND --help", "what a command does, its options and their defaults"},
                         {"--help", "print this text"},
                         {"--version", "print the version"}};
  const std::size_t width = std::max(column_width(commands), column_width(general));
  text += two_columns(commands, width) + "\nGeneral:\n" + two_columns(general, width);
  return text;
}

inline int run_command(const std::string& program, const Command& command, const std::vector<std::string>& arguments) {
  const auto call = command.call();
  if (call->has_presets()) {
    if (const auto preset = peek(arguments, "preset")) call->start_from(*preset);
  }
  {
    OptionSet set;
    call->describe(set);
    if (asks_for_help(arguments)) {
      std::cout << help_text(program, command.summary, set);
      return 0;
    }
    parse_arguments(arguments, set);
  }
  return call->run();
}

inline int dispatch(const Program& program, std::vector<std::string> arguments) {
  if (!arguments.empty() && arguments.front() == "--version") {
    std::cout << program.name << ' ' << program.version << '\n';
    return 0;
  }
  const auto& commands = program.commands;
  if (commands.size() == 1 && commands.front().name.empty()) {
    return run_command(program.name, commands.front(), arguments);
  }
  if (arguments.empty()) throw OptionError("needs a command; try: " + program.name + " --help");
  const std::string name = arguments.front();
  arguments.erase(arguments.begin());
  if (name == "--help" || name == "-h") {
    std::cout << program_help(program);
    return 0;
  }
  const auto found = std::ranges::find(commands, name, &Command::name);
  if (found == commands.end()) {
    throw OptionError(unknown_name_message("command", name, commands | std::views::transform(&Command::name)));
  }
  return run_command(program.name + " " + name, *found, arguments);
}

}  // namespace detail

/// The body of a main(): picks the command, runs it and turns what it throws into one line on standard error,
/// `program: message`.
/// \returns the command's own exit status; 2 for arguments that are not valid; 1 for a failure at work, a standard
///     output that could not be written among them
inline int run_main(int argc, const char* const* argv, const Program& program) {
  const auto fail = [&](std::string_view message, int status) {
    std::cout.flush();
    std::cerr << program.name << ": " << message << std::endl;
    return status;
  };
  std::signal(SIGXFSZ, SIG_IGN);  // a limit on the size of files is an error like a full disk, with a message
  try {
    const int status = detail::dispatch(program, std::vector<std::string>(argv + std::min(argc, 1), argv + argc));
    std::cout.flush();
    if (!std::cout) return fail("standard output cannot be written", 1);
    return status;
  } catch (const OptionError& error) {
    return fail(error.what(), 2);
  } catch (const std::bad_alloc&) {
    return fail("out of memory", 1);
  } catch (const std::exception& error) {
    const std::string_view message = error.what();
    return fail(message.substr(0, message.find("\nException raised from")), 1);  // LibTorch appends a backtrace
  } catch (...) {
    return fail("unknown error", 1);
  }
}

}  // namespace tagger
