#define BOOST_TEST_MODULE image_bad_input
#include <sys/stat.h>
#include <unistd.h>
#include <algorithm>
#include <atomic>
#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <new>
#include <string>
#include <string_view>
#include <vector>

#include <zlib.h>
#include <boost/test/unit_test.hpp>

#include <tagger/file.hpp>
#include <tagger/image/decode.hpp>
#include <tagger/random.hpp>

#include "golden.hpp"

namespace fs = std::filesystem;
using namespace std::string_literals;

// Every allocation of this program goes through here, so that a test can say how much a refusal took.
std::atomic<std::size_t> largest_allocation{0};

[[gnu::noinline]] void* operator new(std::size_t size) {
  std::size_t most = largest_allocation;
  while (size > most && !largest_allocation.compare_exchange_weak(most, size)) {
  }
  if (void* memory = std::malloc(size ? size : 1)) return memory;
  throw std::bad_alloc();
}
[[gnu::noinline]] void operator delete(void* memory) noexcept { std::free(memory); }
[[gnu::noinline]] void operator delete(void* memory, std::size_t) noexcept { std::free(memory); }

namespace {

struct Folder {
  fs::path path = fs::temp_directory_path() / ("tagger-bad-input-" + std::to_string(::getpid()));
  Folder() { fs::create_directories(path); }
  ~Folder() { fs::remove_all(path); }
};

/// What read_picture says about a file of this content; empty when it is decoded.
std::string complaint(const std::string& content, const std::string& name = "picture.jpg",
                      const tagger::DecodeOptions& options = {}) {
  const Folder folder;
  tagger::write_file(folder.path / name, content);
  largest_allocation = 0;
  try {
    tagger::read_picture(folder.path / name, options);
  } catch (const tagger::ImageError& error) {
    const std::string message = error.what(), prefix = (folder.path / name).string() + ": ";
    BOOST_TEST(message.starts_with(prefix), message << " does not name the file");
    return message.substr(std::min(prefix.size(), message.size()));
  }
  return "";
}

bool contains(const std::string& text, std::string_view part) { return text.find(part) != std::string::npos; }

std::string number(std::uint32_t value, int length, bool big_endian) {
  std::string bytes;
  for (int i = 0; i < length; ++i) bytes += static_cast<char>(value >> 8 * (big_endian ? length - 1 - i : i));
  return bytes;
}

std::string chunk(const std::string& kind, const std::string& data) {
  const std::string body = kind + data;
  const auto crc = ::crc32(0, reinterpret_cast<const Bytef*>(body.data()), static_cast<uInt>(body.size()));
  return number(static_cast<std::uint32_t>(data.size()), 4, true) + body +
         number(static_cast<std::uint32_t>(crc), 4, true);
}

std::string png_header(std::uint32_t width, std::uint32_t height) {
  return "\x89PNG\r\n\x1A\n"s + chunk("IHDR", number(width, 4, true) + number(height, 4, true) + "\x08\2\0\0\0"s);
}

std::string read(const std::string& name) {
  const auto bytes = tagger::read_file(golden::folder() / "pictures" / name);
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

const auto samples = {"jpeg_420.jpg",      "jpeg_progressive.jpg",
                      "jpeg_cmyk.jpg",     "orientation_6.jpg",
                      "png_rgb.png",       "png_rgba.png",
                      "png_palette4.png",  "png_rgb_interlaced.png",
                      "webp_lossy.webp",   "webp_lossless_alpha.webp",
                      "webp_animated.webp"};

}  // namespace

BOOST_AUTO_TEST_CASE(a_missing_file_and_a_folder_are_named) {
  const Folder folder;
  for (const auto& path : {folder.path / "missing.jpg", folder.path}) {
    BOOST_CHECK_EXCEPTION(tagger::read_picture(path), tagger::FileError,
                          [&](const auto& error) { return contains(error.what(), path.string() + ": "); });
  }
}

BOOST_AUTO_TEST_CASE(what_would_be_read_without_end_is_refused) {
  const Folder folder;
  const auto pipe = folder.path / "pipe.jpg", huge = folder.path / "huge.jpg";
  BOOST_TEST_REQUIRE(::mkfifo(pipe.c_str(), 0600) == 0);
  BOOST_CHECK_EXCEPTION(tagger::read_picture(pipe), tagger::FileError,
                        [&](const auto& error) { return contains(error.what(), pipe.string() + ": is a pipe"); });
  BOOST_CHECK_THROW(tagger::read_picture("/dev/zero"), tagger::FileError);
  tagger::write_file(huge, "");
  fs::resize_file(huge, tagger::max_picture_bytes + 1);  // a hole: it takes no room
  largest_allocation = 0;
  BOOST_CHECK_EXCEPTION(tagger::read_picture(huge), tagger::ImageError, [&](const auto& error) {
    return contains(error.what(), huge.string() + ": the file has 1073741825 bytes, over the limit");
  });
  BOOST_TEST(largest_allocation < 4096U);
}

BOOST_AUTO_TEST_CASE(an_empty_file_is_called_empty) { BOOST_TEST(complaint("") == "the file is empty"); }

BOOST_AUTO_TEST_CASE(other_content_is_called_by_its_name) {
  const std::pair<std::string, std::string> contents[] = {
      {"GIF89a\1\0\1\0", "GIF"},
      {"II*\0\x08\0\0\0"s, "TIFF"},
      {"MM\0*\0\0\0\x08"s, "TIFF"},
      {"BM\x36\0\0\0"s, "BMP"},
      {"\0\0\0\x18"s + "ftypheic", "HEIC"},
      {"\0\0\0\x18"s + "ftypavif", "AVIF"},
      {"\n <!DOCTYPE html><html>Not found</html>", "HTML"},
      {"<?xml version=\"1.0\"?>\n<svg xmlns=\"http://www.w3.org/2000/svg\"/>", "SVG"},
      {"%PDF-1.7", "PDF"},
      {"RIFF\x10\0\0\0WAVE"s, "no picture format"},
      {"RIFF", "no picture format"},
      {"x", "no picture format"},
      {"\xFF\xD8", "no picture format"},
  };
  for (const auto& [content, name] : contents) {
    BOOST_TEST_CONTEXT(name) {
      const std::string message = complaint(content);
      BOOST_TEST(contains(message, name), message);
      BOOST_TEST(contains(message, "JPEG, PNG and WebP are supported"), message);
    }
  }
}

BOOST_AUTO_TEST_CASE(the_content_counts_and_not_the_name) { BOOST_TEST(complaint(read("png_rgb.png"), "a.jpg") == ""); }

BOOST_AUTO_TEST_CASE(huge_dimensions_are_refused_before_memory_is_taken) {
  std::string jpeg = read("jpeg_420.jpg");
  const auto frame = jpeg.find("\xFF\xC0"s);
  BOOST_REQUIRE(frame != std::string::npos);
  jpeg.replace(frame + 5, 4, "\xFF\xDC\xFF\xDC");  // 65500 x 65500
  const std::string lossless = "\x2F"s + number((16383u << 14) | 16383u, 4, false);
  const std::string webp =
      "RIFF"s + number(22, 4, false) + "WEBPVP8L" + number(10, 4, false) + lossless + "\0\0\0\0\0"s;
  const std::string canvas = "\2\0\0\0"s + number(65534, 3, false) + number(65534, 3, false);
  const std::string animated = "RIFF"s + number(36, 4, false) + "WEBPVP8X" + number(10, 4, false) + canvas + "ANIM" +
                               number(6, 4, false) + "\0\0\0\0\0\0"s;
  const std::pair<std::string, std::string> files[] = {
      {png_header(100000, 100000), "100000x100000 pixels are over the limit of 178956970"},
      {png_header(500'000'000, 500'000'000), "500000000x500000000 pixels are over the limit"},
      {jpeg, "65500x65500 pixels are over the limit"},
      {webp, "16384x16384 pixels are over the limit"},
      {animated, "65535x65535 pixels are over the limit"},
  };
  for (const auto& [content, expected] : files) {
    const std::string message = complaint(content);
    BOOST_TEST(contains(message, expected), message << " is not: " << expected);
    BOOST_TEST(contains(message, "max_pixels"), message);
    BOOST_TEST(largest_allocation < 100'000u);
  }
  BOOST_TEST(contains(complaint(png_header(0x7FFFFFFF, 0x7FFFFFFF)), "PNG header: arithmetic overflow"));
  BOOST_TEST(contains(complaint(png_header(0, 7)), "PNG header: "));
}

BOOST_AUTO_TEST_CASE(the_limit_is_the_last_size_that_passes) {
  const std::string file = read("png_rgb.png");  // 37 x 29
  BOOST_TEST(complaint(file, "a.png", {.max_pixels = 37 * 29}) == "");
  BOOST_TEST(
      contains(complaint(file, "a.png", {.max_pixels = 37 * 29 - 1}), "37x29 pixels are over the limit of 1072"));
}

BOOST_AUTO_TEST_CASE(a_file_cut_off_anywhere_is_an_error) {
  for (const std::string name : samples) {
    const std::string whole = read(name);
    // What follows a PNG's last pixel is not needed to show it: the end of IDAT's checksum, IEND.
    const std::size_t needed = whole.size() - (name.ends_with(".png") ? 16 + 4 : 1);
    for (std::size_t length = 1; length < needed; length += 1 + length / 40) {
      BOOST_TEST_CONTEXT(name << " cut off at " << length << " of " << whole.size()) {
        const auto file = std::as_bytes(std::span(whole.data(), length));
        BOOST_CHECK_THROW(tagger::decode(file), tagger::ImageError);
      }
    }
  }
  BOOST_TEST(contains(complaint(read("jpeg_420.jpg").substr(0, 900)), "the JPEG data are cut off"));
  const std::string png = read("png_rgb.png");
  BOOST_TEST(contains(complaint(png.substr(0, png.size() / 2)), "the PNG data are cut off in the first row"));
  BOOST_TEST(contains(complaint(read("webp_lossless.webp").substr(0, 900)), "the WebP data are cut off"));
}

BOOST_AUTO_TEST_CASE(flipped_bits_end_in_a_picture_or_an_error) {
  tagger::Random random{2020, 0, 0};
  for (const std::string name : samples) {
    const std::string whole = read(name);
    for (int i = 0; i < 200; ++i) {
      std::string file = whole;
      for (std::uint64_t n = random.below(4) + 1; n > 0; --n) {
        file[random.below(file.size())] ^= static_cast<char>(1 << random.below(8));
      }
      try {
        const auto picture =
            tagger::decode(std::as_bytes(std::span(file.data(), file.size())), {.max_pixels = 1 << 22});
        BOOST_REQUIRE_EQUAL(picture.rgb.size(), std::size_t{3} * picture.width * picture.height);
      } catch (const tagger::ImageError& error) {
        BOOST_REQUIRE(!std::string_view(error.what()).empty());
      }
    }
  }
}
