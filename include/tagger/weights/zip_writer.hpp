#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <limits>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <zlib.h>

#include <tagger/error.hpp>
#include <tagger/file.hpp>

namespace tagger::detail {

/// Writes a zip archive of stored entries, whole or not at all, each entry's bytes at a multiple of 64 as PyTorch has
/// them. No times are written: the same entries give the same file. (APPNOTE.TXT 6.3, without Zip64: below 4 GiB.)
class ZipWriter {
 public:
  explicit ZipWriter(std::filesystem::path path) : path_(std::move(path)), file_(path_) {}

  /// \throws FileError; WeightsError when the archive would pass 4 GiB
  void add(const std::string& name, std::span<const std::byte> bytes) {
    Entry entry{name, 0, bytes.size(), position_};
    if (!bytes.empty()) {
      entry.crc = static_cast<std::uint32_t>(::crc32_z(0, reinterpret_cast<const Bytef*>(bytes.data()), bytes.size()));
    }
    const std::size_t padding = (64 - (position_ + 30 + name.size() + 4) % 64) % 64;
    std::string header;
    put(header, 0x04034b50, 4);
    put_common(header, entry, 4 + padding);
    header += name;
    header += "FB";  // the field that PyTorch pads with
    put(header, padding, 2);
    header.append(padding, 'Z');
    write(std::as_bytes(std::span(header)));
    write(bytes);
    entries_.push_back(std::move(entry));
  }
  void add(const std::string& name, std::string_view text) {
    add(name, std::as_bytes(std::span(text.data(), text.size())));
  }

  void commit() {
    std::string directory;
    for (const auto& entry : entries_) {
      put(directory, 0x02014b50, 4);
      put(directory, 20, 2);
      put_common(directory, entry, 0);
      put(directory, 0, 8);  // no comment, the first disk, no attributes
      put(directory, 0, 2);
      put(directory, entry.position, 4);
      directory += entry.name;
    }
    std::string end;
    put(end, 0x06054b50, 4);
    put(end, 0, 4);
    put(end, entries_.size(), 2);
    put(end, entries_.size(), 2);
    put(end, directory.size(), 4);
    put(end, position_, 4);
    put(end, 0, 2);
    if (entries_.size() >= 0xffff) refuse();
    write(std::as_bytes(std::span(directory)));
    write(std::as_bytes(std::span(end)));
    file_.commit();
  }

 private:
  struct Entry {
    std::string name;
    std::uint32_t crc = 0;
    std::uint64_t size = 0;
    std::uint64_t position = 0;
  };

  static void put(std::string& out, std::uint64_t value, std::size_t size) {
    for (std::size_t i = 0; i < size; ++i) out += static_cast<char>(value >> 8 * i & 0xff);
  }
  /// What the header of an entry and its line in the directory have in common.
  static void put_common(std::string& out, const Entry& entry, std::size_t extra) {
    put(out, 20, 2);      // version 2.0 is needed
    put(out, 0x800, 2);   // names are UTF-8
    put(out, 0, 2);       // stored
    put(out, 0, 2);       // midnight
    put(out, 0x0021, 2);  // of the 1st of January 1980
    put(out, entry.crc, 4);
    put(out, entry.size, 4);
    put(out, entry.size, 4);
    put(out, entry.name.size(), 2);
    put(out, extra, 2);
  }
  void write(std::span<const std::byte> bytes) {
    if (bytes.size() > std::numeric_limits<std::uint32_t>::max() - position_) refuse();
    file_.write(bytes);
    position_ += bytes.size();
  }
  [[noreturn]] void refuse() const {
    throw WeightsError(path_, "", "more than this format takes here (4 GiB, 65,534 tensors); write safetensors");
  }

  std::filesystem::path path_;
  AtomicFile file_;
  std::uint64_t position_ = 0;
  std::vector<Entry> entries_;
};

}  // namespace tagger::detail
