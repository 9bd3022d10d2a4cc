#pragma once

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstddef>
#include <cstring>
#include <filesystem>
#include <span>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>
#include <vector>

#include <tagger/error.hpp>

namespace tagger {

/// The bytes of `path`. \throws FileError with the system's reason
inline std::vector<std::byte> read_file(const std::filesystem::path& path) {
  const int file = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  const auto fail = [&](int error) {
    if (file >= 0) ::close(file);
    throw FileError(path, "", std::generic_category().message(error));
  };
  if (file < 0) fail(errno);
  struct stat status{};
  if (::fstat(file, &status) != 0) fail(errno);
  if (S_ISDIR(status.st_mode)) fail(EISDIR);
  std::vector<std::byte> bytes(static_cast<std::size_t>(status.st_size));
  std::size_t filled = 0;
  for (;;) {  // a pipe has no size: grow until the end
    if (filled == bytes.size()) {
      std::byte probe[4096];
      const ssize_t count = ::read(file, probe, sizeof probe);
      if (count < 0 && errno == EINTR) continue;
      if (count < 0) fail(errno);
      if (count == 0) break;
      bytes.insert(bytes.end(), probe, probe + count);
      filled = bytes.size();
      continue;
    }
    const ssize_t count = ::read(file, bytes.data() + filled, bytes.size() - filled);
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) fail(errno);
    if (count == 0) break;
    filled += static_cast<std::size_t>(count);
  }
  bytes.resize(filled);
  ::close(file);
  return bytes;
}

/// A file that appears under its name whole or not at all: written beside it, flushed to the disk, then renamed. A
/// writer that is killed, or a disk that is full, leaves the old file as it was. What is no file (/dev/stdout, a pipe)
/// is written as it is; where a link points to, the file appears. A file that is replaced keeps its permissions.
class AtomicFile {
 public:
  /// \throws FileError when the folder does not exist or cannot be written
  explicit AtomicFile(std::filesystem::path path) : path_(std::move(path)) {
    std::error_code error;
    const auto there = std::filesystem::status(path_, error).type();
    special_ = there == std::filesystem::file_type::character || there == std::filesystem::file_type::fifo;
    if (!special_ && std::filesystem::is_symlink(path_, error)) {
      const auto target = std::filesystem::weakly_canonical(path_, error);
      if (!error) path_ = target;
    }
    if (!special_) temporary_ = path_.string() + ".partial-" + std::to_string(::getpid());
    file_ = ::open(special_ ? path_.c_str() : temporary_.c_str(),
                   O_WRONLY | O_CLOEXEC | (special_ ? 0 : O_CREAT | O_TRUNC), 0666);
    if (file_ < 0) fail("cannot be written");
    struct stat old{};
    if (!special_ && ::stat(path_.c_str(), &old) == 0) {
      // Where it fails the filesystem has no permissions to keep.
      [[maybe_unused]] const int ignored = ::fchmod(file_, old.st_mode & 0777);
    }
  }
  AtomicFile(const AtomicFile&) = delete;
  AtomicFile& operator=(const AtomicFile&) = delete;
  ~AtomicFile() { discard(); }

  /// \throws FileError, a full disk among the reasons; nothing remains then but the old file
  void write(std::span<const std::byte> bytes) {
    while (!bytes.empty()) {
      const ssize_t count = ::write(file_, bytes.data(), bytes.size());
      if (count < 0 && errno == EINTR) continue;
      if (count < 0) fail("cannot be written");
      bytes = bytes.subspan(static_cast<std::size_t>(count));
    }
  }
  void write(std::string_view text) { write(std::as_bytes(std::span(text.data(), text.size()))); }

  /// Makes the file appear under its name. \throws FileError
  void commit() {
    if (!special_ && ::fsync(file_) != 0) fail("cannot be flushed to the disk");
    const int closed = ::close(std::exchange(file_, -1));
    if (closed != 0) fail("cannot be closed");
    if (special_) return;
    if (::rename(temporary_.c_str(), path_.c_str()) != 0) fail("cannot be put in place");
    const auto folder = path_.has_parent_path() ? path_.parent_path() : std::filesystem::path(".");
    if (const int handle = ::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC); handle >= 0) {
      ::fsync(handle);
      ::close(handle);
    }
    temporary_.clear();
  }

 private:
  [[noreturn]] void fail(std::string_view what) {
    const int error = errno;
    discard();
    throw FileError(path_, "", std::string(what) + ": " + std::generic_category().message(error));
  }
  void discard() noexcept {
    if (file_ >= 0) ::close(std::exchange(file_, -1));
    if (!temporary_.empty()) ::unlink(temporary_.c_str());
    temporary_.clear();
  }

  std::filesystem::path path_;
  std::string temporary_;
  bool special_ = false;
  int file_ = -1;
};

/// Writes `text` to `path`, whole or not at all. \throws FileError
inline void write_file(const std::filesystem::path& path, std::string_view text) {
  AtomicFile file{path};
  file.write(text);
  file.commit();
}

}  // namespace tagger
