#pragma once

#include <spng.h>

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

struct DestroySpng {
  void operator()(spng_ctx* context) const { spng_ctx_free(context); }
};

}  // namespace detail

/// A PNG file of any colour type and depth, interlaced or not; of an animated one the still picture. Transparency is
/// laid over options.background; of 16 bits the upper 8 are kept; an eXIf chunk turns the picture upright (XMP and EXIF
/// in text chunks do not). Colour profiles and gamma are not applied, as in Pillow.
/// \throws ImageError when it is no PNG, is cut off or damaged, or is over options.max_pixels
inline Picture decode_png(std::span<const std::byte> file, const DecodeOptions& options = {}) {
  const std::unique_ptr<spng_ctx, detail::DestroySpng> context{spng_ctx_new(0)};
  if (!context) throw ImageError("the PNG decoder cannot be set up: out of memory");
  const auto check = [&](int status, const std::string& place) {
    if (status == SPNG_IO_EOF) {
      throw ImageError("the PNG data are cut off in the " + place + ": the file ends after " +
                       std::to_string(file.size()) + " bytes, before its picture does");
    }
    if (status != 0) throw ImageError("PNG " + place + ": " + spng_strerror(status));
  };
  constexpr std::size_t largest_chunk = std::size_t{64} << 20;  // of notes and profiles; they too can be bombs
  check(spng_set_chunk_limits(context.get(), largest_chunk, 2 * largest_chunk), "decoder");
  check(spng_set_png_buffer(context.get(), file.data(), file.size()), "decoder");
  spng_ihdr header{};
  check(spng_get_ihdr(context.get(), &header), "header");
  detail::check_dimensions(header.width, header.height, options);

  spng_trns transparency{};
  const int has_transparency = spng_get_trns(context.get(), &transparency);
  if (has_transparency != SPNG_ECHUNKAVAIL) check(has_transparency, "header");
  const bool has_alpha = has_transparency == 0 || header.color_type == SPNG_COLOR_TYPE_GRAYSCALE_ALPHA ||
                         header.color_type == SPNG_COLOR_TYPE_TRUECOLOR_ALPHA;

  Picture picture(static_cast<int>(header.width), static_cast<int>(header.height));
  const bool flattens_rows = has_alpha && header.interlace_method == 0;
  const std::size_t stride = std::size_t{has_alpha ? 4u : 3u} * header.width;
  std::vector<std::uint8_t> rgba(!has_alpha ? 0 : flattens_rows ? stride : stride * header.height);
  check(spng_decode_image(context.get(), nullptr, 0, has_alpha ? SPNG_FMT_RGBA8 : SPNG_FMT_RGB8,
                          SPNG_DECODE_PROGRESSIVE | SPNG_DECODE_TRNS),
        "first row");
  for (int status = 0; status != SPNG_EOI;) {
    spng_row_info row{};
    check(spng_get_row_info(context.get(), &row), "rows");
    std::uint8_t* const rgb = picture.row(static_cast<int>(row.row_num));
    std::uint8_t* const target = !has_alpha ? rgb : flattens_rows ? rgba.data() : rgba.data() + row.row_num * stride;
    status = spng_decode_row(context.get(), target, stride);
    if (status != SPNG_EOI) check(status, "row " + std::to_string(row.row_num));
    if (flattens_rows) detail::flatten(rgba, options.background, {rgb, std::size_t{3} * header.width});
  }
  if (has_alpha && !flattens_rows) detail::flatten(rgba, options.background, picture.rgb);

  spng_exif exif{};
  if (spng_get_exif(context.get(), &exif) != 0) {
    spng_decode_chunks(context.get());  // it may stand after the pixels; what is broken there does not matter
    if (spng_get_exif(context.get(), &exif) != 0) return picture;
  }
  return upright(std::move(picture), exif_orientation(std::as_bytes(std::span(exif.data, exif.length))));
}

}  // namespace tagger
