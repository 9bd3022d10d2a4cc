#pragma once

#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <string_view>

namespace tagger {

namespace detail {
inline volatile std::sig_atomic_t interrupted = 0;
extern "C" inline void tagger_on_interrupt(int signal) {
  interrupted = 1;
  const int error = errno;
  constexpr std::string_view text = "\nstopping after this step; once more to stop at once\n";
  [[maybe_unused]] const auto written = ::write(STDERR_FILENO, text.data(), text.size());
  errno = error;
  std::signal(signal, SIG_DFL);  // a second one ends the program at once
}
}  // namespace detail

/// While it lives, Ctrl-C (SIGINT) and SIGTERM are noted rather than obeyed, so that training can end after the current
/// step with a checkpoint. A second signal ends the program at once. A signal that the parent had set to be ignored
/// (nohup, a background job) stays ignored.
class InterruptGuard {
 public:
  InterruptGuard() {
    detail::interrupted = 0;  // before a handler can set it
    old_interrupt_ = install(SIGINT);
    old_terminate_ = install(SIGTERM);
  }
  InterruptGuard(const InterruptGuard&) = delete;
  InterruptGuard& operator=(const InterruptGuard&) = delete;
  ~InterruptGuard() {
    std::signal(SIGINT, old_interrupt_);
    std::signal(SIGTERM, old_terminate_);
  }

  bool interrupted() const { return detail::interrupted != 0; }

 private:
  using Handler = void (*)(int);

  static Handler install(int signal) {
    const Handler old = std::signal(signal, detail::tagger_on_interrupt);
    if (old == SIG_IGN) std::signal(signal, SIG_IGN);
    return old;
  }

  Handler old_interrupt_, old_terminate_;
};

}  // namespace tagger
