#pragma once

#include <turbojpeg.h>

#include <cstddef>
#include <memory>
#include <string>
#include <vector>

#include <tagger/error.hpp>
#include <tagger/image/decode_jpeg.hpp>
#include <tagger/image/picture.hpp>

namespace tagger {

/// `picture` as a baseline JPEG file with 4:2:0 chroma.
/// \param quality  1 (small) to 100 (good)
/// \throws OptionError for another quality, ImageError for a picture without pixels or beyond JPEG's 65,500 a side
inline std::vector<std::byte> encode_jpeg(const Picture& picture, int quality = 85) {
  if (quality < 1 || quality > 100) {
    throw OptionError("JPEG quality " + std::to_string(quality) + " is not from 1 to 100");
  }
  const detail::TurboJpeg encoder{tjInitCompress()};
  if (!encoder) throw ImageError("the JPEG encoder cannot be set up: " + std::string(tjGetErrorStr2(nullptr)));
  unsigned char* buffer = nullptr;
  unsigned long size = 0;
  const int status = tjCompress2(encoder.get(), picture.rgb.data(), picture.width, 0, picture.height, TJPF_RGB, &buffer,
                                 &size, TJSAMP_420, quality, TJFLAG_ACCURATEDCT);
  const std::unique_ptr<unsigned char, decltype(&tjFree)> owner{buffer, tjFree};
  if (status != 0) {
    throw ImageError("a picture of " + std::to_string(picture.width) + "x" + std::to_string(picture.height) +
                     " pixels cannot be encoded as JPEG: " + tjGetErrorStr2(encoder.get()));
  }
  const auto* bytes = reinterpret_cast<const std::byte*>(buffer);
  return {bytes, bytes + size};
}

}  // namespace tagger
