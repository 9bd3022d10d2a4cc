#pragma once

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <span>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>

#include <tagger/error.hpp>
#include <tagger/report/crc32c.hpp>
#include <tagger/report/protobuf.hpp>

namespace tagger {

/// A file of records that grows at its end: u64 length, masked CRC-32C of it, payload, masked CRC-32C of that, all
/// little endian (tensorflow/core/lib/io/record_writer.h). A record goes to the system in one write as it comes, so
/// that a killed program loses none; one that fails half-way is taken back.
class RecordFile {
 public:
  /// A file that is not there yet. \throws FileError
  static RecordFile create(std::filesystem::path path) { return {std::move(path), O_CREAT | O_EXCL, 0}; }

  /// An existing file, cut off at byte `position`, an earlier `position()`. \throws FileError, also when it is shorter
  static RecordFile resume(std::filesystem::path path, std::uint64_t position) {
    return {std::move(path), 0, position};
  }

  const std::filesystem::path& path() const { return path_; }

  /// The size of the file in bytes: all records so far.
  std::uint64_t position() const { return position_; }

  /// Adds a record. \throws FileError, a full disk among the reasons; the records before it remain
  void append(std::string_view payload) {
    std::string record;
    record.reserve(payload.size() + 16);
    detail::append_little_endian(record, std::uint64_t{payload.size()});
    detail::append_little_endian(record, masked_crc(record));
    record.append(payload);
    detail::append_little_endian(record, masked_crc(payload));
    for (std::string_view rest = record; !rest.empty();) {
      const ssize_t count = ::write(descriptor_.value, rest.data(), rest.size());
      if (count < 0 && errno == EINTR) continue;
      if (count < 0) {
        const int error = errno;
        cut();
        fail("cannot be written", error);
      }
      rest.remove_prefix(static_cast<std::size_t>(count));
    }
    position_ += record.size();
  }

  /// Returns when all records are on the disk. \throws FileError
  void flush() {
    if (::fdatasync(descriptor_.value) != 0) fail("cannot be flushed to the disk", errno);
  }

 private:
  struct Descriptor {
    int value = -1;

    explicit Descriptor(int value) : value(value) {}
    Descriptor(Descriptor&& other) noexcept : value(std::exchange(other.value, -1)) {}
    Descriptor& operator=(Descriptor&& other) noexcept {
      std::swap(value, other.value);
      return *this;
    }
    ~Descriptor() {
      if (value >= 0) ::close(value);
    }
  };

  RecordFile(std::filesystem::path path, int flags, std::uint64_t position)
      : path_(std::move(path)),
        descriptor_(::open(path_.c_str(), O_WRONLY | O_CLOEXEC | flags, 0666)),
        position_(position) {
    if (descriptor_.value < 0) fail("cannot be opened for writing", errno);
    struct stat status{};
    if (::fstat(descriptor_.value, &status) != 0) fail("cannot be read", errno);
    if (static_cast<std::uint64_t>(status.st_size) < position) {
      throw FileError(path_, "byte " + std::to_string(position),
                      "the file ends at byte " + std::to_string(status.st_size) +
                          " and cannot be continued from here; it is not the file that this run wrote");
    }
    if (!cut()) fail("cannot be cut off at byte " + std::to_string(position), errno);
  }

  static std::uint32_t masked_crc(std::string_view bytes) {
    const std::uint32_t crc = crc32c(std::as_bytes(std::span(bytes.data(), bytes.size())));
    return (crc >> 15 | crc << 17) + 0xA282EAD8u;
  }

  bool cut() {
    const auto end = static_cast<off_t>(position_);
    return ::ftruncate(descriptor_.value, end) == 0 && ::lseek(descriptor_.value, end, SEEK_SET) == end;
  }

  [[noreturn]] void fail(std::string_view what, int error) const {
    throw FileError(path_, "", std::string(what) + ": " + std::generic_category().message(error));
  }

  std::filesystem::path path_;
  Descriptor descriptor_;
  std::uint64_t position_ = 0;
};

}  // namespace tagger
