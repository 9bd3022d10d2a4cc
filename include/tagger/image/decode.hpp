#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <span>
#include <string>
#include <string_view>
#include <system_error>

#include <tagger/error.hpp>
#include <tagger/file.hpp>
#include <tagger/image/decode_jpeg.hpp>
#include <tagger/image/decode_options.hpp>
#include <tagger/image/decode_png.hpp>
#include <tagger/image/decode_webp.hpp>
#include <tagger/image/format.hpp>
#include <tagger/image/picture.hpp>

namespace tagger {

/// The picture in `file`, the bytes of a JPEG, PNG or WebP file, told apart by content: upright, 8-bit RGB.
/// \throws ImageError when the bytes are no such picture, are cut off or damaged, or are over options.max_pixels
inline Picture decode(std::span<const std::byte> file, const DecodeOptions& options = {}) {
  if (file.empty()) throw ImageError("the file is empty");
  const std::string_view format = detail::picture_format(file);
  if (format == "JPEG") return decode_jpeg(file, options);
  if (format == "PNG") return decode_png(file, options);
  if (format == "WebP") return decode_webp(file, options);
  throw ImageError((format.empty() ? std::string("no picture format is known that begins like this file")
                                   : "the content is " + std::string(format)) +
                   "; JPEG, PNG and WebP are supported: convert it, or leave it out");
}

/// A larger file is no picture of a data set, and is not read: 1 GiB.
constexpr std::uintmax_t max_picture_bytes = std::uintmax_t{1} << 30;

/// The picture in the file at `path`: a regular file (a pipe or a device would be waited for without end) of at most
/// max_picture_bytes.
/// \throws FileError when it cannot be read, ImageError when it cannot be decoded or is too large; both name the file
inline Picture read_picture(const std::filesystem::path& path, const DecodeOptions& options = {}) {
  std::error_code error;  // what is not there, and folders: read_file says it best
  const auto status = std::filesystem::status(path, error);
  if (exists(status) && !is_directory(status) && !is_regular_file(status)) {
    throw FileError(path, "", "is a pipe, a device or a socket; pictures are read from regular files");
  }
  if (const auto size = std::filesystem::file_size(path, error); !error && size > max_picture_bytes) {
    throw ImageError(path, "",
                     "the file has " + std::to_string(size) + " bytes, over the limit of " +
                         std::to_string(max_picture_bytes) + " for a picture: leave it out");
  }
  const auto file = read_file(path);
  try {
    return decode(file, options);
  } catch (const ImageError& broken) {
    throw ImageError(path, "", broken.what());
  }
}

}  // namespace tagger
