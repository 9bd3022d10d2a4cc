#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <stdexcept>
#include <string>
#include <string_view>

#include <nlohmann/json.hpp>

#include <tagger/image/picture.hpp>

namespace golden {

inline std::filesystem::path folder() { return std::filesystem::path(TAGGER_TEST_DATA) / "image"; }

inline nlohmann::json read_json(const std::filesystem::path& path) {
  std::ifstream stream(path);
  if (!stream) throw std::runtime_error(path.string() + " is missing: run the scripts in tests/oracles");
  return nlohmann::json::parse(stream);
}

/// A binary PPM as Pillow writes it.
inline tagger::Picture read_ppm(const std::filesystem::path& path) {
  std::ifstream stream(path, std::ios::binary);
  std::string magic;
  int width = 0, height = 0, most = 0;
  stream >> magic >> width >> height >> most;
  stream.get();
  if (!stream || magic != "P6" || most != 255) throw std::runtime_error(path.string() + " is no PPM");
  tagger::Picture picture(width, height);
  stream.read(reinterpret_cast<char*>(picture.rgb.data()), static_cast<std::streamsize>(picture.rgb.size()));
  if (!stream) throw std::runtime_error(path.string() + " is cut off");
  return picture;
}

/// The same pictures as picture() in tests/oracles/transforms.py.
inline tagger::Picture make_picture(std::string_view kind, int width, int height) {
  tagger::Picture picture(width, height);
  for (std::uint64_t i = 0; i < picture.rgb.size(); ++i) {
    const std::uint64_t noise = i * 2654435761u % (std::uint64_t{1} << 32);
    const auto columns = static_cast<std::uint64_t>(width);
    const std::uint64_t y = i / (3 * columns), x = i / 3 % columns, c = i % 3;
    const std::uint64_t value = kind == "noise"   ? noise >> 24
                                : kind == "edges" ? (noise >> 31) * 255
                                                  : (x * (c + 1) + y * (3 - c) + x * y / 7) % 256;
    picture.rgb[i] = static_cast<std::uint8_t>(value);
  }
  return picture;
}

}  // namespace golden
