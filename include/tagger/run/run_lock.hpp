#pragma once

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <cerrno>
#include <filesystem>
#include <system_error>
#include <utility>

#include <tagger/error.hpp>

namespace tagger {

/// While it lives, no other process trains in the folder: two would prune each other's checkpoints. The system lets go
/// of it when a process dies, however that comes about.
class RunLock {
 public:
  /// \throws OptionError when another process trains in `folder`, FileError when nothing can be written there
  explicit RunLock(std::filesystem::path folder) : folder_(std::move(folder)) {
    const auto path = folder_ / ".lock";
    file_ = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0666);
    if (file_ < 0) throw FileError(path, "", "cannot be written: " + std::generic_category().message(errno));
    if (::flock(file_, LOCK_EX | LOCK_NB) == 0 || errno != EWOULDBLOCK) return;  // a file system may know no locks
    ::close(file_);
    throw OptionError(folder_.string() + ": another process is training in this folder");
  }
  RunLock(RunLock&& other) noexcept : folder_(std::move(other.folder_)), file_(std::exchange(other.file_, -1)) {}
  RunLock& operator=(RunLock&&) = delete;
  ~RunLock() {
    if (file_ >= 0) ::close(file_);
  }

  const std::filesystem::path& folder() const { return folder_; }

 private:
  std::filesystem::path folder_;
  int file_ = -1;
};

}  // namespace tagger
