#pragma once

#include <cstddef>
#include <filesystem>
#include <span>
#include <string>
#include <string_view>

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

/// The picture in the file at `path`.
/// \throws FileError when it cannot be read, ImageError when it cannot be decoded; both name the file
inline Picture read_picture(const std::filesystem::path& path, const DecodeOptions& options = {}) {
  const auto file = read_file(path);
  try {
    return decode(file, options);
  } catch (const ImageError& error) {
    throw ImageError(path, "", error.what());
  }
}

}  // namespace tagger
