#define BOOST_TEST_MODULE image_golden
#include <array>
#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <vector>

#include <zlib.h>
#include <boost/test/unit_test.hpp>

#include <tagger/image/affine.hpp>
#include <tagger/image/color.hpp>
#include <tagger/image/flip.hpp>
#include <tagger/image/normalize.hpp>
#include <tagger/image/resize.hpp>

#include "golden.hpp"

using nlohmann::json;
using tagger::Picture;

namespace {

std::uint32_t crc(const void* data, std::size_t size) {
  return static_cast<std::uint32_t>(::crc32(0, static_cast<const Bytef*>(data), static_cast<uInt>(size)));
}
std::uint32_t crc(const Picture& picture) { return crc(picture.rgb.data(), picture.rgb.size()); }

std::uint32_t normalized(const Picture& picture, const json& test) {
  const tagger::Normalize normalize{test.at("mean").get<std::array<float, 3>>(),
                                    test.at("std").get<std::array<float, 3>>()};
  std::vector<float> out(picture.rgb.size());
  normalize(picture, out, test.at("layout") == "planar" ? tagger::Layout::planar : tagger::Layout::interleaved);
  return crc(out.data(), out.size() * sizeof(float));
}

using Adjust = Picture (*)(Picture, double);
auto adjust(Adjust function) {
  return [function](const Picture& picture, const json& test) { return crc(function(picture, test.at("factor"))); };
}

const std::map<std::string, std::function<std::uint32_t(const Picture&, const json&)>> operations{
    {"resize",
     [](const Picture& picture, const json& test) {
       return crc(tagger::resize(picture, test.at("to_width"), test.at("to_height")));
     }},
    {"affine",
     [](const Picture& picture, const json& test) {
       return crc(tagger::affine(
           picture,
           tagger::AffineParameters{test.at("angle"), test.at("translate"), test.at("scale"), test.at("shear")},
           test.at("fill").get<std::array<std::uint8_t, 3>>()));
     }},
    {"flip", [](const Picture& picture, const json&) { return crc(tagger::flip_horizontally(picture)); }},
    {"brightness", adjust(tagger::adjust_brightness)},
    {"contrast", adjust(tagger::adjust_contrast)},
    {"saturation", adjust(tagger::adjust_saturation)},
    {"hue", adjust(tagger::adjust_hue)},
    {"normalize", normalized},
};

}  // namespace

BOOST_AUTO_TEST_CASE(transforms_equal_pillow_and_torchvision_to_the_bit) {
  const auto golden = golden::read_json(golden::folder() / "transforms.json");
  std::map<std::string, int> counts;
  for (const auto& test : golden.at("cases")) {
    const std::string operation = test.at("operation");
    ++counts[operation];
    BOOST_TEST_CONTEXT(test.dump()) {
      const Picture picture =
          golden::make_picture(test.at("kind").get<std::string>(), test.at("width"), test.at("height"));
      BOOST_TEST(operations.at(operation)(picture, test) == test.at("crc32").get<std::uint32_t>());
    }
  }
  for (const auto& [operation, function] : operations) BOOST_TEST(counts[operation] > 0, operation << " has no case");
}

BOOST_AUTO_TEST_CASE(resampling_is_the_same_with_and_without_avx2) {
  if (!tagger::detail::has_avx2()) return;
  for (const auto& [from, to] : {std::pair{1, 9}, {2, 1}, {3, 2}, {5, 5}, {17, 40}, {100, 33}, {333, 64}, {700, 3}}) {
    BOOST_TEST_CONTEXT(from << " to " << to) {
      const auto axis = tagger::detail::resample_weights(from, to);
      const Picture wide = golden::make_picture("noise", from, 7), tall = golden::make_picture("edges", 11, from);
      Picture plain(to, 7), fast(to, 7);
      tagger::detail::resample_along_x(wide, axis, plain);
      tagger::detail::resample_along_x_avx2(wide, axis, fast);
      BOOST_TEST((plain == fast));
      plain = fast = Picture(11, to);
      tagger::detail::resample_along_y(tall, axis, plain);
      tagger::detail::resample_along_y_avx2(tall, axis, fast);
      BOOST_TEST((plain == fast));
    }
  }
}

BOOST_AUTO_TEST_CASE(resize_refuses_what_has_no_pixels) {
  const Picture picture = golden::make_picture("noise", 4, 4);
  BOOST_CHECK_THROW(tagger::resize(picture, 0, 4), tagger::OptionError);
  BOOST_CHECK_THROW(tagger::resize(picture, 4, -1), tagger::OptionError);
  BOOST_CHECK_THROW(tagger::resize(Picture{}, 4, 4), tagger::ImageError);
}
