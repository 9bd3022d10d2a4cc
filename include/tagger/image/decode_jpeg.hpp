#pragma once

#include <turbojpeg.h>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
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

/// The EXIF block (segment APP1) before the first scan of a JPEG file; empty where there is none.
inline std::span<const std::byte> find_jpeg_exif(std::span<const std::byte> file) {
  constexpr std::string_view exif{"Exif\0", 5};
  const auto at = [&](std::size_t i) { return std::to_integer<unsigned>(file[i]); };
  for (std::size_t i = 2; i + 4 <= file.size();) {
    if (at(i) != 0xFF) break;
    const unsigned marker = at(i + 1);
    if (marker == 0xFF) {  // fill byte
      ++i;
      continue;
    }
    if (marker == 0xDA || marker == 0xD9) break;
    const std::size_t length = at(i + 2) << 8 | at(i + 3);
    if (length < 2 || i + 2 + length > file.size()) break;
    const auto segment = file.subspan(i + 4, length - 2);
    if (marker == 0xE1 && segment.size() > 6 &&
        std::string_view(reinterpret_cast<const char*>(segment.data()), exif.size()) == exif) {
      return segment;
    }
    i += 2 + length;
  }
  return {};
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
  if (decoded != 0) {
    const std::string reason = tjGetErrorStr2(decoder.get());
    if (reason.find("Premature end") != std::string::npos) {
      throw ImageError("the JPEG data are cut off: the file ends after " + std::to_string(file.size()) +
                       " bytes, before its picture does");
    }
    if (tjGetErrorCode(decoder.get()) == TJERR_FATAL) throw ImageError("JPEG data: " + reason);
  }
  if (is_cmyk) detail::convert_inverted_cmyk(cmyk, picture.rgb);
  return upright(std::move(picture), exif_orientation(detail::find_jpeg_exif(file)));
}

}  // namespace tagger
