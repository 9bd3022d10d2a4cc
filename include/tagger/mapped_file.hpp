#pragma once

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstddef>
#include <filesystem>
#include <memory>
#include <span>
#include <system_error>
#include <utility>
#include <vector>

#include <tagger/error.hpp>
#include <tagger/file.hpp>

namespace tagger::detail {

/// Bytes, and what keeps them alive.
struct SharedBytes {
  std::span<const std::byte> bytes;
  std::shared_ptr<const void> owner;
};

/// The contents of `path`, mapped rather than read: pages come from the disk, or the system's cache, when they are
/// looked at, and no copy is made. What has no size (a pipe) is read.
/// \param whole  it will be looked at from end to end: the system may fetch it ahead
///
/// The size is that of the moment of opening. A file that another program shortens while it is mapped ends this one
/// (SIGBUS) when the lost part is looked at, as with every reader that maps. A file that is replaced as AtomicFile does
/// it, by renaming, does not: the mapping keeps the old one. \throws FileError
inline SharedBytes map_file(const std::filesystem::path& path, bool whole = true) {
  const auto fail = [&](int error) { throw FileError(path, "", std::generic_category().message(error)); };
  struct Handle {
    int file;
    ~Handle() {
      if (file >= 0) ::close(file);
    }
  } const handle{::open(path.c_str(), O_RDONLY | O_CLOEXEC)};
  if (handle.file < 0) fail(errno);
  struct stat status{};
  if (::fstat(handle.file, &status) != 0) fail(errno);
  const auto size = static_cast<std::size_t>(status.st_size);
  if (!S_ISREG(status.st_mode) || size == 0) {
    auto read = std::make_shared<const std::vector<std::byte>>(read_file(path));
    const std::span<const std::byte> bytes = *read;
    return {bytes, std::move(read)};
  }
  void* const pages = ::mmap(nullptr, size, PROT_READ, MAP_PRIVATE, handle.file, 0);
  if (pages == MAP_FAILED) fail(errno);
  std::shared_ptr<const void> owner(pages, [size](void* address) { ::munmap(address, size); });
  ::madvise(pages, size, whole ? MADV_WILLNEED : MADV_RANDOM);
  return {{static_cast<const std::byte*>(pages), size}, std::move(owner)};
}

}  // namespace tagger::detail
