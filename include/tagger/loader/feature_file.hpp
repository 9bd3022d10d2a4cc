#pragma once

#include <fcntl.h>
#include <sys/file.h>
#include <sys/mman.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <optional>
#include <span>
#include <string>
#include <system_error>
#include <unordered_map>
#include <utility>
#include <vector>

#include <tagger/error.hpp>
#include <tagger/file.hpp>
#include <tagger/report/json_value.hpp>

namespace tagger {

namespace detail {

/// An open file, until it is closed.
class Descriptor {
 public:
  explicit Descriptor(int file = -1) : file_(file) {}
  Descriptor(Descriptor&& other) noexcept : file_(std::exchange(other.file_, -1)) {}
  Descriptor& operator=(Descriptor&& other) noexcept {
    std::swap(file_, other.file_);
    return *this;
  }
  ~Descriptor() {
    if (file_ >= 0) ::close(file_);
  }
  operator int() const { return file_; }

 private:
  int file_;
};

}  // namespace detail

/// What tells whether a picture's file is the one that was looked at before.
struct PictureKey {
  std::string path;  ///< absolute
  std::int64_t bytes = 0;
  std::int64_t modified = 0;  ///< nanoseconds

  bool operator==(const PictureKey&) const = default;

  /// \throws FileError when there is no such file
  static PictureKey of(const std::filesystem::path& path) {
    std::error_code error;
    const auto bytes = std::filesystem::file_size(path, error);
    if (error) throw FileError(path, "", error.message());
    const auto modified = std::filesystem::last_write_time(path, error);
    if (error) throw FileError(path, "", error.message());
    return {.path = std::filesystem::absolute(path).lexically_normal().string(),
            .bytes = static_cast<std::int64_t>(bytes),
            .modified = static_cast<std::int64_t>(modified.time_since_epoch().count())};
  }
};

/// Rows of floats on disk, one a picture, that grow and are never changed. A folder with
///
///     key.json        what all rows have in common: another key is another folder
///     features.bin    the rows, little endian float32, one after the other
///     pictures.jsonl  a line a row, ["a.jpg", bytes, modified, ""], in the order of rows; with a reason in place of ""
///                     (and no row) for a picture that could not be read
///
/// A line is written after its row is on the disk, so that a program that is killed leaves whole rows or none.
class FeatureFile {
 public:
  struct Entry {
    PictureKey key;
    std::int64_t row = -1;  ///< -1: the picture could not be read
    std::string reason{};
  };

  /// Opens the folder, making it if need be, and waits until no other process adds to it.
  /// \param key    compared with what the folder has
  /// \param width  floats a row
  /// \throws FileError; DataError that names the file and the line when it is not what this class writes
  FeatureFile(const std::filesystem::path& folder, const Json& key, std::int64_t width)
      : folder_(folder), width_(width) {
    std::filesystem::create_directories(folder);
    lock();
    const auto key_path = folder / "key.json";
    if (!std::filesystem::exists(key_path)) {
      write_file(key_path, dump_json(key, 2) + "\n");
    } else if (read_json(key_path) != key) {
      throw FileError(key_path, "", "is of other features; remove the folder");
    }
    read_entries();
    open_rows();
  }
  FeatureFile(const FeatureFile&) = delete;
  FeatureFile& operator=(const FeatureFile&) = delete;
  ~FeatureFile() {
    if (mapping_) ::munmap(mapping_, mapped_bytes_);
  }

  /// What is known of the picture; nothing when it has not been looked at since it was last changed.
  const Entry* find(const PictureKey& key) const {
    const auto found = by_path_.find(key.path);
    if (found == by_path_.end()) return nullptr;
    const Entry& entry = entries_[found->second];
    return entry.key == key ? &entry : nullptr;
  }

  /// Adds pictures and their rows, of those that have one, one after the other. Not after release(). \throws FileError
  void append(std::vector<Entry> entries, std::span<const float> rows) {
    const auto* bytes = reinterpret_cast<const std::byte*>(rows.data());
    for (std::size_t done = 0; done < rows.size_bytes();) {
      const auto written = ::write(rows_, bytes + done, rows.size_bytes() - done);
      if (written < 0 && errno == EINTR) continue;
      if (written <= 0) fail("features.bin", "cannot be written");
      done += static_cast<std::size_t>(written);
    }
    if (::fdatasync(rows_) != 0) fail("features.bin", "cannot be written");
    std::string lines;
    for (auto& entry : entries) {
      if (entry.reason.empty()) entry.row = row_count_++;
      lines += dump_json(Json::array({entry.key.path, entry.key.bytes, entry.key.modified, entry.reason})) + "\n";
      remember(std::move(entry));
    }
    std::ofstream file(folder_ / "pictures.jsonl", std::ios::app | std::ios::binary);
    if (!(file << lines << std::flush)) fail("pictures.jsonl", "cannot be written");
  }

  /// All that is missing has been added: other processes may add.
  void release() {
    lock_ = detail::Descriptor();
    map();
  }

  /// The width floats of a row, as they are on the disk. After release() alone, from any thread.
  std::span<const float> row(std::int64_t index) const {
    return {static_cast<const float*>(mapping_) + index * width_, static_cast<std::size_t>(width_)};
  }

  std::int64_t rows() const { return row_count_; }
  std::int64_t width() const { return width_; }

 private:
  [[noreturn]] void fail(const char* file, const std::string& what) const {
    throw FileError(folder_ / file, "", what + ": " + std::generic_category().message(errno));
  }

  void lock() {
    const auto path = folder_ / ".lock";
    lock_ = detail::Descriptor(::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0666));
    if (lock_ < 0) fail(".lock", "cannot be written");
    while (::flock(lock_, LOCK_EX) != 0 && errno == EINTR) {
    }
  }

  void read_entries() {
    const auto path = folder_ / "pictures.jsonl";
    if (!std::filesystem::exists(path)) return;
    const auto bytes = read_file(path);
    std::string_view text(reinterpret_cast<const char*>(bytes.data()), bytes.size());
    std::int64_t line = 0;
    for (std::size_t end; (end = text.find('\n')) != std::string_view::npos; text.remove_prefix(end + 1)) {
      const std::string place = "line " + std::to_string(++line);
      const Json json = Json::parse(text.substr(0, end), nullptr, false);
      if (!json.is_array() || json.size() != 4 || !json[0].is_string() || !json[1].is_number_integer() ||
          !json[2].is_number_integer() || !json[3].is_string()) {
        throw DataError(path, place, "is no [path, bytes, modified, reason]; remove the folder");
      }
      Entry entry{.key = {json[0], json[1], json[2]}, .row = -1, .reason = json[3]};
      if (entry.reason.empty()) entry.row = row_count_++;
      remember(std::move(entry));
    }
    if (!text.empty()) std::filesystem::resize_file(path, bytes.size() - text.size());  // a line cut off in the middle
  }

  void remember(Entry entry) {
    by_path_[entry.key.path] = entries_.size();
    entries_.push_back(std::move(entry));
  }

  void open_rows() {
    const auto path = folder_ / "features.bin";
    rows_ = detail::Descriptor(::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_APPEND, 0666));
    if (rows_ < 0) fail("features.bin", "cannot be written");
    const auto wanted = row_count_ * width_ * std::int64_t{sizeof(float)};
    const auto size = ::lseek(rows_, 0, SEEK_END);
    if (size < wanted) throw FileError(path, "", "is cut off; remove the folder");
    if (size > wanted && ::ftruncate(rows_, wanted) != 0) fail("features.bin", "cannot be written");
  }

  void map() {
    if (mapping_ || row_count_ == 0) return;
    mapped_bytes_ = static_cast<std::size_t>(row_count_ * width_) * sizeof(float);
    mapping_ = ::mmap(nullptr, mapped_bytes_, PROT_READ, MAP_SHARED, rows_, 0);
    if (mapping_ == MAP_FAILED) {
      mapping_ = nullptr;
      fail("features.bin", "cannot be mapped");
    }
  }

  std::filesystem::path folder_;
  std::int64_t width_;
  std::int64_t row_count_ = 0;
  std::vector<Entry> entries_;
  std::unordered_map<std::string, std::size_t> by_path_;
  detail::Descriptor lock_, rows_;
  void* mapping_ = nullptr;
  std::size_t mapped_bytes_ = 0;
};

}  // namespace tagger
