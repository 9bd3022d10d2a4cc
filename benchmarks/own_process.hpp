#pragma once

#include <poll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <cstring>
#include <exception>
#include <functional>
#include <iostream>
#include <string>
#include <string_view>

#include <tagger/error.hpp>

/// How work in a process of its own has ended.
struct Ending {
  enum How { finished, stopped, failed } how = finished;
  std::string reason;  ///< of a failure: a line
};

/// The most memory that this process has held at once, in megabytes: its code, LibTorch's and mapped files included.
inline double peak_megabytes() {
  rusage usage{};
  ::getrusage(RUSAGE_SELF, &usage);
#ifdef __APPLE__
  return static_cast<double>(usage.ru_maxrss) / (1024.0 * 1024.0);
#else
  return static_cast<double>(usage.ru_maxrss) / 1024;
#endif
}

namespace detail {

[[noreturn]] inline void work_in_child(int parent, const auto& work) {
  // Ctrl-C reaches both processes: the parent hands it on, so that it is said and obeyed once.
  std::signal(SIGINT, SIG_IGN);
  std::signal(SIGTERM, SIG_IGN);
  const std::function<bool()> stop = [parent] {  // the parent has closed its side, or is gone
    pollfd side{.fd = parent, .events = POLLIN, .revents = 0};
    return ::poll(&side, 1, 0) > 0;
  };
  Ending::How how = Ending::failed;
  try {
    how = work(stop) ? Ending::finished : Ending::stopped;
  } catch (const std::exception& error) {
    std::string_view reason = error.what();
    reason = reason.substr(0, reason.find("\nException raised from"));  // LibTorch appends a backtrace
    [[maybe_unused]] const auto sent = ::write(parent, reason.data(), reason.size());
  }
  std::cout.flush();
  std::cerr.flush();
  ::_exit(how);
}

}  // namespace detail

/// Does `work` in a process of its own, so that its peak memory is its own, and what it dies of is no concern of
/// others. LibTorch must not have computed anything in this process before: its threads would be missing in the other.
/// \param work         bool(const std::function<bool()>& stop): asks `stop()` now and then; false when it ended early
/// \param interrupted  asked several times a second; true makes `stop()` true. It is true as well when this process is
///                     gone
/// \throws Error when there can be no other process
inline Ending in_own_process(const auto& work, const std::function<bool()>& interrupted) {
  int sides[2];
  if (::socketpair(AF_UNIX, SOCK_STREAM, 0, sides) != 0) {
    throw tagger::Error(std::string("no socket can be made: ") + std::strerror(errno));
  }
  std::cout.flush();
  const pid_t child = ::fork();
  if (child == 0) {
    ::close(sides[0]);
    detail::work_in_child(sides[1], work);
  }
  const int error = errno;
  ::close(sides[1]);
  if (child < 0) {
    ::close(sides[0]);
    throw tagger::Error(std::string("no process can be made: ") + std::strerror(error));
  }

  Ending ending;
  bool told = false;
  for (;;) {
    pollfd side{.fd = sides[0], .events = POLLIN, .revents = 0};
    const int ready = ::poll(&side, 1, 200);
    if (!told && interrupted()) told = ::shutdown(sides[0], SHUT_WR) == 0;
    if (ready <= 0) continue;
    char buffer[4096];
    const ssize_t count = ::read(sides[0], buffer, sizeof buffer);
    if (count > 0) ending.reason.append(buffer, static_cast<std::size_t>(count));
    if (count == 0 || (count < 0 && errno != EINTR)) break;
  }
  ::close(sides[0]);
  int status = 0;
  while (::waitpid(child, &status, 0) < 0 && errno == EINTR) {
  }
  ending.how = WIFEXITED(status) ? static_cast<Ending::How>(WEXITSTATUS(status)) : Ending::failed;
  if (WIFSIGNALED(status)) ending.reason = std::string("ended by a signal: ") + ::strsignal(WTERMSIG(status));
  return ending;
}
