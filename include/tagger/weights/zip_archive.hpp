#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <span>
#include <string>
#include <system_error>
#include <utility>
#include <vector>

#include <zip.h>

#include <tagger/error.hpp>

namespace tagger::detail {

/// A zip archive whose entries are stored, not compressed, as PyTorch's are: no entry is longer than the file, and all
/// that is read from it together is not either, so that a small file cannot fill the memory.
class ZipArchive {
 public:
  /// \throws WeightsError when the file is no whole archive
  explicit ZipArchive(std::filesystem::path path) : path_(std::move(path)) {
    int error = 0;
    zip_.reset(::zip_open(path_.c_str(), ZIP_RDONLY, &error));
    if (!zip_) {
      zip_error_t details;
      ::zip_error_init_with_code(&details, error);
      const std::string reason = ::zip_error_strerror(&details);
      ::zip_error_fini(&details);
      throw WeightsError(path_, "", "as a zip archive it is damaged or cut off (" + reason + ")");
    }
    std::error_code unknown;
    budget_ = std::filesystem::file_size(path_, unknown);
    if (unknown) throw FileError(path_, "", unknown.message());
    const auto count = ::zip_get_num_entries(zip_.get(), 0);
    for (zip_int64_t i = 0; i < count; ++i) {
      const char* name = ::zip_get_name(zip_.get(), static_cast<zip_uint64_t>(i), ZIP_FL_ENC_RAW);
      names_.emplace_back(name ? name : "");
    }
  }

  /// The entries' names in the order of the archive.
  const std::vector<std::string>& names() const { return names_; }
  bool contains(const std::string& name) const {
    return ::zip_name_locate(zip_.get(), name.c_str(), ZIP_FL_ENC_RAW) >= 0;
  }

  struct Bytes {
    std::shared_ptr<std::byte[]> data;
    std::size_t size = 0;
    std::span<std::byte> span() const { return {data.get(), size}; }
  };

  /// The bytes of an entry, its checksum verified. \throws WeightsError
  Bytes read(const std::string& name) {
    zip_stat_t status;
    ::zip_stat_init(&status);
    const auto index = ::zip_name_locate(zip_.get(), name.c_str(), ZIP_FL_ENC_RAW);
    if (index < 0 || ::zip_stat_index(zip_.get(), static_cast<zip_uint64_t>(index), 0, &status) != 0) {
      throw WeightsError(path_, name, "there is no such entry in the archive");
    }
    constexpr zip_uint64_t needed = ZIP_STAT_SIZE | ZIP_STAT_COMP_METHOD;
    if ((status.valid & needed) != needed || status.comp_method != ZIP_CM_STORE) {
      throw WeightsError(path_, name, "the entry is compressed; PyTorch stores its entries as they are");
    }
    if (status.size > budget_) throw WeightsError(path_, name, "the entries are longer than the file");
    budget_ -= status.size;

    Bytes bytes{std::make_shared_for_overwrite<std::byte[]>(status.size), static_cast<std::size_t>(status.size)};
    const std::unique_ptr<zip_file_t, decltype(&::zip_fclose)> entry(
        ::zip_fopen_index(zip_.get(), static_cast<zip_uint64_t>(index), 0), &::zip_fclose);
    if (!entry) throw WeightsError(path_, name, std::string("unreadable: ") + ::zip_strerror(zip_.get()));
    std::size_t filled = 0;
    std::byte beyond{};  // the checksum is looked at when the end has been read
    for (;;) {
      const bool full = filled == bytes.size;
      const auto count =
          ::zip_fread(entry.get(), full ? &beyond : bytes.data.get() + filled, full ? 1 : bytes.size - filled);
      if (count < 0) throw WeightsError(path_, name, std::string("damaged: ") + ::zip_file_strerror(entry.get()));
      if (count == 0) break;
      if (full) throw WeightsError(path_, name, "the entry is longer than it says");
      filled += static_cast<std::size_t>(count);
    }
    if (filled != bytes.size) throw WeightsError(path_, name, "the entry is cut off");
    return bytes;
  }

 private:
  struct Discard {
    void operator()(zip_t* zip) const { ::zip_discard(zip); }
  };

  std::filesystem::path path_;
  std::unique_ptr<zip_t, Discard> zip_;
  std::vector<std::string> names_;
  std::uint64_t budget_ = 0;  ///< bytes that may still be read
};

}  // namespace tagger::detail
