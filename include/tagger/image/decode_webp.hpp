#pragma once

#include <webp/decode.h>
#include <webp/demux.h>

#include <cstddef>
#include <cstdint>
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

struct DestroyWebPDemuxer {
  void operator()(WebPDemuxer* demuxer) const { WebPDemuxDelete(demuxer); }
};
struct DestroyWebPAnimation {
  void operator()(WebPAnimDecoder* decoder) const { WebPAnimDecoderDelete(decoder); }
};

[[noreturn]] inline void fail_webp(VP8StatusCode status, std::size_t size) {
  if (status == VP8_STATUS_NOT_ENOUGH_DATA || status == VP8_STATUS_SUSPENDED) {
    throw ImageError("the WebP data are cut off: the file ends after " + std::to_string(size) +
                     " bytes, before its picture does");
  }
  throw ImageError(status == VP8_STATUS_UNSUPPORTED_FEATURE ? "WebP data: a feature that libwebp does not support"
                   : status == VP8_STATUS_OUT_OF_MEMORY     ? "WebP data: out of memory"
                                                            : "WebP data: damaged");
}

inline Orientation webp_orientation(const WebPData& file) {
  const std::unique_ptr<WebPDemuxer, DestroyWebPDemuxer> demuxer{WebPDemux(&file)};
  WebPChunkIterator chunk{};
  if (!demuxer || !WebPDemuxGetChunk(demuxer.get(), "EXIF", 1, &chunk)) return Orientation::upright;
  const Orientation orientation = exif_orientation(std::as_bytes(std::span(chunk.chunk.bytes, chunk.chunk.size)));
  WebPDemuxReleaseChunkIterator(&chunk);
  return orientation;
}

}  // namespace detail

/// A WebP file, lossy or lossless; of an animation the first frame. Transparency is laid over options.background; an
/// EXIF chunk turns the picture upright.
/// \throws ImageError when it is no WebP, is cut off or damaged, or is over options.max_pixels
inline Picture decode_webp(std::span<const std::byte> file, const DecodeOptions& options = {}) {
  const WebPData data{reinterpret_cast<const std::uint8_t*>(file.data()), file.size()};
  WebPDecoderConfig config;
  if (!WebPInitDecoderConfig(&config)) throw ImageError("libwebp is not of the version that its headers speak of");
  const VP8StatusCode header = WebPGetFeatures(data.bytes, data.size, &config.input);
  if (header != VP8_STATUS_OK) detail::fail_webp(header, file.size());
  const bool has_alpha = config.input.has_alpha || config.input.has_animation;
  detail::check_dimensions(config.input.width, config.input.height, options);

  Picture picture(config.input.width, config.input.height);
  std::vector<std::uint8_t> rgba(has_alpha ? picture.rgb.size() / 3 * 4 : 0);
  if (config.input.has_animation) {
    const std::unique_ptr<WebPAnimDecoder, detail::DestroyWebPAnimation> animation{WebPAnimDecoderNew(&data, nullptr)};
    std::uint8_t* frame = nullptr;
    int timestamp = 0;
    if (!animation || !WebPAnimDecoderGetNext(animation.get(), &frame, &timestamp)) {
      throw ImageError("WebP data: the animation is cut off or damaged");
    }
    rgba.assign(frame, frame + rgba.size());
  } else {
    config.output.colorspace = has_alpha ? MODE_RGBA : MODE_RGB;
    config.output.is_external_memory = 1;
    config.output.u.RGBA.rgba = has_alpha ? rgba.data() : picture.rgb.data();
    config.output.u.RGBA.stride = picture.width * (has_alpha ? 4 : 3);
    config.output.u.RGBA.size = has_alpha ? rgba.size() : picture.rgb.size();
    const VP8StatusCode status = WebPDecode(data.bytes, data.size, &config);
    if (status != VP8_STATUS_OK) detail::fail_webp(status, file.size());
  }
  detail::flatten(rgba, options.background, picture.rgb);
  return upright(std::move(picture), detail::webp_orientation(data));
}

}  // namespace tagger
