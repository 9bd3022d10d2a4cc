#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <zlib.h>

#include <tagger/image/format.hpp>

namespace tagger::detail {

/// The blocks of a picture file that hold keywords, as they stand in it.
struct PictureMetadata {
  std::vector<std::string> xmp;  ///< packets of XML
  std::string iptc;              ///< IIM data sets

  bool operator==(const PictureMetadata&) const = default;
};

/// A number of `size` bytes at `at`, the first the most significant; 0 where the text ends before.
inline std::size_t big_endian(std::string_view text, std::size_t at, std::size_t size) {
  std::size_t value = 0;
  if (at > text.size() || text.size() - at < size) return 0;
  for (const char c : text.substr(at, size)) value = value << 8 | static_cast<unsigned char>(c);
  return value;
}

/// What zlib has packed; empty where it is broken or longer than 64 MiB.
inline std::string inflated(std::string_view packed) {
  for (uLongf size = 1 << 16; size <= (uLongf{64} << 20); size *= 4) {
    std::string text(size, '\0');
    const int status = uncompress(reinterpret_cast<Bytef*>(text.data()), &size,
                                  reinterpret_cast<const Bytef*>(packed.data()), static_cast<uLong>(packed.size()));
    if (status == Z_OK) return text.substr(0, size);
    if (status != Z_BUF_ERROR) break;
    size = static_cast<uLongf>(text.size());
  }
  return {};
}

/// The IIM data sets among Photoshop's image resources (Adobe, "Photoshop file formats specification", image resource
/// 0x0404).
inline std::string_view iptc_of_photoshop(std::string_view resources) {
  while (resources.starts_with("8BIM") && resources.size() >= 12) {
    const std::size_t id = big_endian(resources, 4, 2);
    const std::size_t name = (1 + big_endian(resources, 6, 1) + 1) / 2 * 2;
    const std::size_t size = big_endian(resources, 6 + name, 4), begin = 10 + name;
    if (begin > resources.size()) break;
    if (id == 0x0404) return resources.substr(begin, size);
    resources.remove_prefix(std::min(begin + (size + 1) / 2 * 2, resources.size()));
  }
  return {};
}

/// JPEG: XMP in APP1, longer ones continued in further ones (Adobe, "XMP specification part 3", 2020); IPTC in APP13.
inline PictureMetadata metadata_of_jpeg(std::string_view file) {
  using namespace std::string_view_literals;
  constexpr auto standard = "http://ns.adobe.com/xap/1.0/\0"sv, extension = "http://ns.adobe.com/xmp/extension/\0"sv,
                 photoshop = "Photoshop 3.0\0"sv;
  PictureMetadata found;
  std::string resources, extended, guid;
  for (std::size_t at = 2; at + 4 <= file.size() && file[at] == '\xFF';) {
    const auto marker = static_cast<unsigned char>(file[at + 1]);
    const bool alone = marker == 0x01 || (marker >= 0xD0 && marker <= 0xD7);
    if (marker == 0xD9 || marker == 0xDA) break;
    if (marker == 0xFF || alone) {
      at += alone ? 2 : 1;
      continue;
    }
    const std::size_t size = big_endian(file, at + 2, 2);
    if (size < 2 || file.size() - at - 2 < size) break;
    const std::string_view segment = file.substr(at + 4, size - 2);
    at += 2 + size;
    if (marker == 0xE1 && segment.starts_with(standard)) {
      found.xmp.emplace_back(segment.substr(standard.size()));
    } else if (marker == 0xE1 && segment.starts_with(extension) && segment.size() >= extension.size() + 40) {
      // the digest of the whole, its length, where this part begins
      const auto part = segment.substr(extension.size());
      const std::size_t whole = big_endian(part, 32, 4), begin = big_endian(part, 36, 4);
      if (guid.empty()) guid = part.substr(0, 32);
      if (guid != part.substr(0, 32) || whole > file.size() || begin > whole || whole - begin < part.size() - 40)
        continue;
      extended.resize(whole);
      part.substr(40).copy(extended.data() + begin, part.size() - 40);
    } else if (marker == 0xED && segment.starts_with(photoshop)) {
      resources.append(segment.substr(photoshop.size()));
    }
  }
  if (!extended.empty() && !found.xmp.empty() && found.xmp.front().find(guid) != std::string::npos) {
    found.xmp.push_back(std::move(extended));
  }
  found.iptc = iptc_of_photoshop(resources);
  return found;
}

/// PNG: XMP in an iTXt chunk with the keyword XML:com.adobe.xmp.
inline PictureMetadata metadata_of_png(std::string_view file) {
  using namespace std::string_view_literals;
  constexpr auto keyword = "XML:com.adobe.xmp\0"sv;
  PictureMetadata found;
  for (std::size_t at = 8; at + 12 <= file.size();) {
    const std::size_t size = big_endian(file, at, 4);
    if (size > file.size() - at - 12) break;
    const std::string_view type = file.substr(at + 4, 4), chunk = file.substr(at + 8, size);
    at += 12 + size;
    if (type != "iTXt" || !chunk.starts_with(keyword) || chunk.size() < keyword.size() + 4) continue;
    const bool packed = chunk[keyword.size()] == 1;
    auto text = chunk.substr(keyword.size() + 2);
    for (int skipped = 0; skipped < 2; ++skipped) {  // the language and the keyword in it
      text.remove_prefix(std::min(text.find('\0'), text.size() - 1) + 1);
      if (text.empty()) break;
    }
    found.xmp.push_back(packed ? inflated(text) : std::string(text));
  }
  return found;
}

/// WebP: XMP in a RIFF chunk "XMP ".
inline PictureMetadata metadata_of_webp(std::string_view file) {
  PictureMetadata found;
  for (std::size_t at = 12; at + 8 <= file.size();) {
    std::size_t size = 0;
    for (int i = 3; i >= 0; --i)
      size = size << 8 | static_cast<unsigned char>(file[at + 4 + static_cast<std::size_t>(i)]);
    if (size > file.size() - at - 8) break;
    if (file.substr(at, 4) == "XMP ") found.xmp.emplace_back(file.substr(at + 8, size));
    at += 8 + (size + 1) / 2 * 2;
  }
  return found;
}

/// What a picture file holds before it is cut off or broken; nothing for a file that is no JPEG, PNG or WebP.
inline PictureMetadata picture_metadata(std::span<const std::byte> bytes) {
  const std::string_view format = picture_format(bytes);
  const std::string_view file(reinterpret_cast<const char*>(bytes.data()), bytes.size());
  return format == "JPEG"   ? metadata_of_jpeg(file)
         : format == "PNG"  ? metadata_of_png(file)
         : format == "WebP" ? metadata_of_webp(file)
                            : PictureMetadata{};
}

}  // namespace tagger::detail
