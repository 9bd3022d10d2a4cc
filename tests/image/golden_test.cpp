#define BOOST_TEST_MODULE image_golden
#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <tuple>
#include <vector>

#include <zlib.h>
#include <boost/test/unit_test.hpp>

#include <tagger/image/affine.hpp>
#include <tagger/image/center_crop.hpp>
#include <tagger/image/color.hpp>
#include <tagger/image/cutout.hpp>
#include <tagger/image/evaluation_transform.hpp>
#include <tagger/image/flip.hpp>
#include <tagger/image/normalize.hpp>
#include <tagger/image/pad_to_square.hpp>
#include <tagger/image/rand_augment.hpp>
#include <tagger/image/random_erasing.hpp>
#include <tagger/image/random_resized_crop.hpp>
#include <tagger/image/resize.hpp>
#include <tagger/image/resize_shorter_side.hpp>
#include <tagger/image/rotate.hpp>
#include <tagger/image/sharpness.hpp>
#include <tagger/image/tone.hpp>

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

tagger::Interpolation interpolation(const json& test) {
  return tagger::interpolation_named(test.value("interpolation", "bilinear"));
}
tagger::Color fill(const json& test) { return test.at("fill").get<tagger::Color>(); }
std::array<double, 2> pair(const json& test, const char* key) { return test.at(key).get<std::array<double, 2>>(); }

/// What timm's transform for evaluation gives, planar floats.
std::uint32_t evaluation(const Picture& picture, const json& test) {
  const tagger::TransformOptions options{
      .size = test.at("size"),
      .mean = test.at("mean").get<std::array<float, 3>>(),
      .std = test.at("std").get<std::array<float, 3>>(),
      .interpolation = interpolation(test),
      .crop_mode = tagger::crop_mode_named(test.at("crop_mode").get<std::string>()),
      .crop = test.at("crop_pct"),
      .channels = tagger::channel_order_named(test.at("channels").get<std::string>())};
  const auto side = static_cast<std::size_t>(options.size);
  std::vector<float> out(3 * side * side);
  tagger::Random random{1, 2, 3};
  tagger::evaluation_transform(options)(picture, random, out);
  return crc(out.data(), out.size() * sizeof(float));
}

/// One operation of RandAugment, at the strength of its bin.
std::uint32_t augment(const Picture& picture, const json& test) {
  const std::string name = test.at("name");
  const auto& operations = tagger::detail::augment_operations;
  const auto operation =
      std::find_if(operations.begin(), operations.end(), [&](const auto& each) { return each.name == name; });
  BOOST_TEST_REQUIRE((operation != operations.end()));
  BOOST_TEST(operation->both_ways == test.at("signed").get<bool>());
  const double strength = operation->strength(test.at("bin"), 31, picture.width, picture.height);
  const double theirs = name == "Posterize" ? 8 - std::nearbyint(strength) : strength;  // bits that are kept
  BOOST_TEST(theirs == test.at("strength").get<double>());
  return crc(operation->apply(picture, strength * test.at("sign").get<int>(), fill(test)));
}

/// A random step with the numbers that the oracle drew.
std::uint32_t drawn(const auto& step, const Picture& picture, const json& test) {
  tagger::Random random{test.at("seed"), 3, 7};
  return crc(step(picture, random));
}

/// The picture with its values squeezed into [low, high].
Picture squeezed(Picture picture, const json& test) {
  const int low = test.at("low"), high = test.at("high");
  for (auto& value : picture.rgb) value = static_cast<std::uint8_t>(low + value * (high - low) / 255);
  return picture;
}

using Adjust = Picture (*)(Picture, double);
auto adjust(Adjust function, const char* key = "factor") {
  return [=](const Picture& picture, const json& test) { return crc(function(picture, test.at(key))); };
}

const std::map<std::string, std::function<std::uint32_t(const Picture&, const json&)>> operations{
    {"resize",
     [](const Picture& picture, const json& test) {
       return crc(tagger::resize(picture, test.at("to_width"), test.at("to_height"), interpolation(test)));
     }},
    {"resize_shorter_side",
     [](const Picture& picture, const json& test) {
       return crc(tagger::resize_shorter_side(picture, test.at("size"), interpolation(test)));
     }},
    {"center_crop",
     [](const Picture& picture, const json& test) {
       return crc(tagger::center_crop(picture, test.at("to_width"), test.at("to_height")));
     }},
    {"pad_to_square",
     [](const Picture& picture, const json& test) { return crc(tagger::pad_to_square(picture, fill(test))); }},
    {"affine",
     [](const Picture& picture, const json& test) {
       return crc(tagger::affine(
           picture,
           tagger::AffineParameters{test.at("angle"), test.at("translate"), test.at("scale"), test.at("shear")},
           fill(test)));
     }},
    {"rotate", [](const Picture& picture,
                  const json& test) { return crc(tagger::rotate(picture, test.at("angle"), fill(test))); }},
    {"flip", [](const Picture& picture, const json&) { return crc(tagger::flip_horizontally(picture)); }},
    {"flip_vertically", [](const Picture& picture, const json&) { return crc(tagger::flip_vertically(picture)); }},
    {"brightness", adjust(tagger::adjust_brightness)},
    {"contrast", adjust(tagger::adjust_contrast)},
    {"saturation", adjust(tagger::adjust_saturation)},
    {"hue", adjust(tagger::adjust_hue)},
    {"sharpness", adjust(tagger::adjust_sharpness)},
    {"solarize", adjust(tagger::solarize, "threshold")},
    {"posterize",
     [](const Picture& picture, const json& test) { return crc(tagger::posterize(picture, test.at("bits"))); }},
    {"auto_contrast",
     [](const Picture& picture, const json& test) { return crc(tagger::auto_contrast(squeezed(picture, test))); }},
    {"equalize",
     [](const Picture& picture, const json& test) { return crc(tagger::equalize(squeezed(picture, test))); }},
    {"normalize", normalized},
    {"evaluation", evaluation},
    {"augment", augment},
    {"random_resized_crop",
     [](const Picture& picture, const json& test) {
       const tagger::RandomResizedCrop step{{.width = test.at("to_width"),
                                             .height = test.at("to_height"),
                                             .scale = pair(test, "scale"),
                                             .ratio = pair(test, "ratio"),
                                             .interpolation = interpolation(test)}};
       return drawn(step, picture, test);
     }},
    {"random_erasing",
     [](const Picture& picture, const json& test) {
       const tagger::RandomErasing step{{.probability = 0.8,
                                         .scale = pair(test, "scale"),
                                         .ratio = pair(test, "ratio"),
                                         .color = test.at("color").get<tagger::Color>()}};
       return drawn(step, picture, test);
     }},
    {"cutout", [](const Picture& picture,
                  const json& test) { return drawn(tagger::Cutout{test.at("share").get<double>()}, picture, test); }},
    {"rand_augment",
     [](const Picture& picture, const json& test) {
       const tagger::RandAugment step{
           {.operations = test.at("operations"), .magnitude = test.at("magnitude"), .bins = test.at("bins")}};
       return drawn(step, picture, test);
     }},
};

using Filters = std::tuple<tagger::detail::BilinearFilter, tagger::detail::BicubicFilter>;

}  // namespace

BOOST_AUTO_TEST_CASE(transforms_equal_pillow_torchvision_and_timm_to_the_bit) {
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

BOOST_AUTO_TEST_CASE_TEMPLATE(resampling_is_the_same_with_and_without_avx2, Filter, Filters) {
  if (!tagger::detail::has_avx2()) return;
  for (const auto& [from, to] : {std::pair{1, 9}, {2, 1}, {3, 2}, {5, 5}, {17, 40}, {100, 33}, {333, 64}, {700, 3}}) {
    BOOST_TEST_CONTEXT(from << " to " << to) {
      const auto axis = tagger::detail::resample_weights<Filter>(from, to);
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
