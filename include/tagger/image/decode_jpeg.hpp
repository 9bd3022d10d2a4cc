#pragma once

#include <turbojpeg.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <memory>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include <tagger/error.hpp>
#include <tagger/image/decode_options.hpp>
#include <tagger/image/orientation.hpp>
#include <tagger/image/picture.hpp>

namespace tagger {
namespace detail {

struct DestroyTurboJpeg {
  void operator()(void* handle) const { tjDestroy(handle); }
};
using TurboJpeg = std::unique_ptr<void, DestroyTurboJpeg>;

/// What stands before the pixels of a JPEG file.
struct JpegSegments {
  std::span<const std::byte> exif;  ///< the first EXIF block (APP1); empty where there is none
  std::size_t scan = 0;             ///< the offset of the first scan, or of where the segments stop making sense
};

inline JpegSegments jpeg_segments(std::span<const std::byte> file) {
  JpegSegments result{{}, std::min<std::size_t>(2, file.size())};
  const auto at = [&](std::size_t i) { return std::to_integer<unsigned>(file[i]); };
  std::size_t& i = result.scan;
  while (i + 4 <= file.size() && at(i) == 0xFF) {
    const unsigned marker = at(i + 1);
    if (marker == 0xFF) {  // a fill byte
      ++i;
      continue;
    }
    const std::size_t length = at(i + 2) << 8 | at(i + 3);
    if (marker == 0xDA || length < 2 || i + 2 + length > file.size()) break;
    const auto segment = file.subspan(i + 4, length - 2);
    const bool is_exif = marker == 0xE1 && segment.size() > 6 && std::memcmp(segment.data(), "Exif\0", 5) == 0;
    if (is_exif && result.exif.empty()) result.exif = segment;
    i += 2 + length;
  }
  return result;
}

/// Throws what TurboJPEG's failure to decode means; returns where it is only a warning about damage that libjpeg could
/// work around. TurboJPEG reports an error after a warning as a warning, so that only the text tells them apart.
inline void check_jpeg_decoding(const std::string& reason, std::span<const std::byte> file, std::size_t scan) {
  constexpr std::byte end[] = {std::byte{0xFF}, std::byte{0xD9}};
  const auto rest = file.subspan(scan);
  if (reason.starts_with("Premature end") || std::search(rest.begin(), rest.end(), end, end + 2) == rest.end()) {
    throw ImageError("the JPEG data are cut off: the file ends after " + std::to_string(file.size()) +
                     " bytes, before its picture does");
  }
  for (const auto warning :
       {"Corrupt JPEG data", "Inconsistent progression", "Invalid SOS parameters", "Unknown Adobe", "Warning"}) {
    if (reason.starts_with(warning)) return;
  }
  throw ImageError("JPEG data: " + reason);
}

/// Four inks as Adobe writes them (inverted: 255 is no ink) to RGB, with Pillow's arithmetic.
inline void convert_inverted_cmyk(std::span<const std::uint8_t> cmyk, std::span<std::uint8_t> rgb) {
  for (std::size_t i = 0; 4 * i < cmyk.size(); ++i) {
    const unsigned light = cmyk[4 * i + 3];
    for (std::size_t c = 0; c < 3; ++c) {
      const unsigned product = (255u - cmyk[4 * i + c]) * light + 128u;
      rgb[3 * i + c] = static_cast<std::uint8_t>(light - ((product + (product >> 8)) >> 8));
    }
  }
}

}  // namespace detail

/// A JPEG file: grey, RGB, YCbCr, CMYK or YCCK, baseline or progressive, turned upright by its EXIF block. Pixels equal
/// libjpeg's reference (accurate integer DCT, smooth chroma upsampling), which is what Pillow shows.
/// \throws ImageError when it is no JPEG, is cut off, or is over options.max_pixels. Damaged data within a file that is
///   whole are decoded as far as they make sense, as Pillow and browsers do.
inline Picture decode_jpeg(std::span<const std::byte> file, const DecodeOptions& options = {}) {
  const detail::TurboJpeg decoder{tjInitDecompress()};
  if (!decoder) throw ImageError("the JPEG decoder cannot be set up: " + std::string(tjGetErrorStr2(nullptr)));
  const auto* bytes = reinterpret_cast<const unsigned char*>(file.data());
  int width = 0, height = 0, subsampling = -1, colors = -1;
  const int header = tjDecompressHeader3(decoder.get(), bytes, file.size(), &width, &height, &subsampling, &colors);
  // An unusual subsampling fails here only; the decoder itself reads it.
  if (header != 0 && (width < 1 || height < 1 || colors < 0)) {
    throw ImageError("JPEG header: " + std::string(tjGetErrorStr2(decoder.get())));
  }
  detail::check_dimensions(width, height, options);

  Picture picture(width, height);
  const bool is_cmyk = colors == TJCS_CMYK || colors == TJCS_YCCK;
  std::vector<std::uint8_t> cmyk(is_cmyk ? picture.rgb.size() / 3 * 4 : 0);
  const int decoded =
      tjDecompress2(decoder.get(), bytes, file.size(), is_cmyk ? cmyk.data() : picture.rgb.data(), width, 0, height,
                    is_cmyk ? TJPF_CMYK : TJPF_RGB, TJFLAG_ACCURATEDCT | TJFLAG_LIMITSCANS);
  const auto segments = detail::jpeg_segments(file);
  if (decoded != 0) detail::check_jpeg_decoding(tjGetErrorStr2(decoder.get()), file, segments.scan);
  if (is_cmyk) detail::convert_inverted_cmyk(cmyk, picture.rgb);
  return upright(std::move(picture), exif_orientation(segments.exif));
}

}  // namespace tagger
