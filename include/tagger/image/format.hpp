#pragma once

#include <algorithm>
#include <cctype>
#include <cstddef>
#include <span>
#include <string>
#include <string_view>

namespace tagger::detail {

/// What a file's first bytes say that it is, whatever its name says: "JPEG", "PNG", "WebP", the name of a format that
/// is not decoded here, or an empty text.
inline std::string_view picture_format(std::span<const std::byte> file) {
  using namespace std::string_view_literals;
  const std::string_view head(reinterpret_cast<const char*>(file.data()), std::min<std::size_t>(file.size(), 256));
  if (head.starts_with("\xFF\xD8\xFF"sv)) return "JPEG";
  if (head.starts_with("\x89PNG\r\n\x1A\n"sv)) return "PNG";
  if (head.starts_with("RIFF"sv) && head.substr(std::min<std::size_t>(8, head.size())).starts_with("WEBP")) {
    return "WebP";
  }
  struct Magic {
    std::string_view bytes, name;
    std::size_t offset = 0;
  };
  static constexpr Magic magics[] = {
      {"GIF8"sv, "GIF"},
      {"II*\0"sv, "TIFF"},
      {"MM\0*"sv, "TIFF"},
      {"II+\0"sv, "BigTIFF"},
      {"MM\0+"sv, "BigTIFF"},
      {"BM"sv, "BMP"},
      {"\0\0\1\0"sv, "ICO"},
      {"8BPS"sv, "Photoshop (PSD)"},
      {"\xFF\x0A"sv, "JPEG XL"},
      {"\0\0\0\x0CJXL \r\n\x87\n"sv, "JPEG XL"},
      {"\0\0\0\x0CjP  \r\n\x87\n"sv, "JPEG 2000"},
      {"\xFF\x4F\xFF\x51"sv, "JPEG 2000"},
      {"ftypavif"sv, "AVIF", 4},
      {"ftypavis"sv, "AVIF", 4},
      {"ftypheic"sv, "HEIC", 4},
      {"ftypheix"sv, "HEIC", 4},
      {"ftypmif1"sv, "HEIF", 4},
      {"ftyp"sv, "ISO media (video or HEIF)", 4},
      {"%PDF"sv, "PDF"},
      {"%!PS"sv, "PostScript"},
      {"\x1F\x8B"sv, "gzip"},
      {"PK\3\4"sv, "zip"},
  };
  for (const auto& magic : magics) {
    if (head.size() >= magic.offset && head.substr(magic.offset).starts_with(magic.bytes)) return magic.name;
  }
  std::string text(head);
  std::transform(text.begin(), text.end(), text.begin(), [](unsigned char c) { return std::tolower(c); });
  text.erase(0, text.starts_with("\xEF\xBB\xBF") ? 3 : 0);
  text.erase(0, std::min(text.find_first_not_of(" \t\r\n"), text.size()));
  if (text.starts_with("<!doctype html") || text.starts_with("<html")) return "HTML (a web page, not a picture)";
  if (text.starts_with("<") && text.find("<svg") != std::string::npos) return "SVG";
  if (text.starts_with("<?xml")) return "XML";
  if (text.starts_with("{") || text.starts_with("[")) return "JSON";
  return "";
}

}  // namespace tagger::detail
