#pragma once

#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <sstream>
#include <string>
#include <string_view>
#include <thread>
#include <utility>
#include <vector>

#include <boost/test/unit_test.hpp>

#include <data/temporary_folder.hpp>
#include <tagger/file.hpp>
#include <tagger/image/encode.hpp>

inline std::string bytes_of(const std::filesystem::path& path) {
  const auto bytes = tagger::read_file(path);
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

/// How a program ended.
struct Outcome {
  int status = 0;
  std::string out, error;

  /// The last line of standard error.
  std::string message() const {
    const auto end = error.find_last_not_of('\n');
    const auto begin = error.rfind('\n', end);
    return end == std::string::npos ? "" : error.substr(begin + 1, end - begin);
  }
};

/// Runs the program that `words` begin with in `folder`, as a shell would.
/// \param out  where its standard output goes
/// \param meanwhile  called with its process id
inline Outcome run_program(const std::filesystem::path& folder, std::vector<std::string> words,
                           const std::string& input = {}, std::filesystem::path out = {},
                           const std::function<void(pid_t)>& meanwhile = {}) {
  std::vector<char*> arguments;
  for (auto& word : words) arguments.push_back(word.data());
  arguments.push_back(nullptr);
  const auto in = folder / ".in", error = folder / ".error";
  if (out.empty()) out = folder / ".out";
  tagger::write_file(in, input);
  posix_spawn_file_actions_t actions;
  ::posix_spawn_file_actions_init(&actions);
  ::posix_spawn_file_actions_addchdir_np(&actions, folder.c_str());
  ::posix_spawn_file_actions_addopen(&actions, 0, in.c_str(), O_RDONLY, 0);
  ::posix_spawn_file_actions_addopen(&actions, 1, out.c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0666);
  ::posix_spawn_file_actions_addopen(&actions, 2, error.c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0666);
  pid_t child = 0;
  BOOST_TEST_REQUIRE(::posix_spawnp(&child, arguments[0], &actions, nullptr, arguments.data(), environ) == 0);
  ::posix_spawn_file_actions_destroy(&actions);
  if (meanwhile) meanwhile(child);
  int status = 0;
  ::waitpid(child, &status, 0);
  return {.status = WIFEXITED(status) ? WEXITSTATUS(status) : 1000 + WTERMSIG(status),
          .out = out == folder / ".out" ? bytes_of(out) : "",
          .error = bytes_of(error)};
}

/// Runs `tagger` with `words`, see run_program().
inline Outcome run_tagger(const std::filesystem::path& folder, std::vector<std::string> words,
                          const std::string& input = {}, std::filesystem::path out = {},
                          const std::function<void(pid_t)>& meanwhile = {}) {
  words.insert(words.begin(), TAGGER_PROGRAM);
  return run_program(folder, std::move(words), input, std::move(out), meanwhile);
}

/// The words of a line.
inline std::vector<std::string> words(const std::string& line) {
  std::istringstream stream(line);
  std::vector<std::string> all;
  for (std::string word; stream >> word;) all.push_back(word);
  return all;
}

/// No file that this process or its children write may be longer, as on a disk that is full.
class FileSizeLimit {
 public:
  explicit FileSizeLimit(rlim_t bytes) {
    ::getrlimit(RLIMIT_FSIZE, &old_);
    const rlimit limit{.rlim_cur = bytes, .rlim_max = old_.rlim_max};
    ::setrlimit(RLIMIT_FSIZE, &limit);
  }
  FileSizeLimit(const FileSizeLimit&) = delete;
  FileSizeLimit& operator=(const FileSizeLimit&) = delete;
  ~FileSizeLimit() { ::setrlimit(RLIMIT_FSIZE, &old_); }

 private:
  rlimit old_{};
};
