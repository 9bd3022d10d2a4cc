#pragma once

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <cerrno>
#include <filesystem>
#include <system_error>

#include <tagger/error.hpp>

namespace tagger {

/// While it lives, no other process trains in the folder: two would prune each other's checkpoints. The system lets go
/// of it when a process dies, however that comes about.
class RunLock {
 public:
  /// \throws OptionError when another process trains in `folder`, FileError when nothing can be written there
  explicit RunLock(const std::filesystem::path& folder) {
    const auto path = folder / ".lock";
    file_ = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0666);
    if (file_ < 0) throw FileError(path, "", "cannot be written: " + std::generic_category().message(errno));
    if (::flock(file_, LOCK_EX | LOCK_NB) == 0 || errno != EWOULDBLOCK) return;  // a file system may know no locks
    ::close(file_);
    throw OptionError(folder.string() + ": another process is training in this folder");
  }
  RunLock(const RunLock&) = delete;
  RunLock& operator=(const RunLock&) = delete;
  ~RunLock() { ::close(file_); }

 private:
  int file_ = -1;
};

}  // namespace tagger
