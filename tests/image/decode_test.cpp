#define BOOST_TEST_MODULE image_decode
#include <array>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <vector>

#include <boost/test/unit_test.hpp>

#include <tagger/image/decode.hpp>
#include <tagger/image/encode.hpp>
#include <tagger/image/orientation.hpp>

#include "golden.hpp"

using tagger::Picture;

BOOST_AUTO_TEST_CASE(every_kind_of_file_has_the_pixels_that_pillow_sees) {
  const auto folder = golden::folder() / "pictures";
  const auto golden = golden::read_json(folder / "cases.json");
  BOOST_TEST(golden.at("cases").size() > 60);
  for (const auto& test : golden.at("cases")) {
    const std::string name = test.at("file");
    BOOST_TEST_CONTEXT(name) {
      const Picture expected = golden::read_ppm(folder / test.at("expected").get<std::string>());
      const Picture picture =
          tagger::read_picture(folder / name, {.background = test.at("background").get<std::array<std::uint8_t, 3>>()});
      BOOST_REQUIRE_EQUAL(picture.width, expected.width);
      BOOST_REQUIRE_EQUAL(picture.height, expected.height);
      int largest = 0;
      for (std::size_t i = 0; i < picture.rgb.size(); ++i) {
        largest = std::max(largest, std::abs(picture.rgb[i] - expected.rgb[i]));
      }
      BOOST_TEST(largest == 0);
    }
  }
}

BOOST_AUTO_TEST_CASE(every_orientation_undoes_what_the_camera_did) {
  Picture stored(3, 2);
  for (std::size_t i = 0; i < 6; ++i) stored.rgb[3 * i] = static_cast<std::uint8_t>(i);
  const auto reds = [&](int orientation) {
    const Picture picture = tagger::upright(stored, static_cast<tagger::Orientation>(orientation));
    std::string text = std::to_string(picture.width) + "x" + std::to_string(picture.height) + ":";
    for (std::size_t i = 0; i < 6; ++i) text += " " + std::to_string(picture.rgb[3 * i]);
    return text;
  };
  BOOST_TEST(reds(1) == "3x2: 0 1 2 3 4 5");
  BOOST_TEST(reds(2) == "3x2: 2 1 0 5 4 3");
  BOOST_TEST(reds(3) == "3x2: 5 4 3 2 1 0");
  BOOST_TEST(reds(4) == "3x2: 3 4 5 0 1 2");
  BOOST_TEST(reds(5) == "2x3: 0 3 1 4 2 5");
  BOOST_TEST(reds(6) == "2x3: 3 0 4 1 5 2");
  BOOST_TEST(reds(7) == "2x3: 5 2 4 1 3 0");
  BOOST_TEST(reds(8) == "2x3: 2 5 1 4 0 3");
}

BOOST_AUTO_TEST_CASE(broken_exif_leaves_a_picture_as_it_is) {
  using namespace std::string_literals;
  const auto orientation = [](const std::string& exif) {
    return static_cast<int>(tagger::exif_orientation(std::as_bytes(std::span(exif.data(), exif.size()))));
  };
  const std::string good = "II*\0\x08\0\0\0\1\0\x12\1\3\0\1\0\0\0\6\0\0\0"s;
  BOOST_TEST(orientation(good) == 6);
  BOOST_TEST(orientation("Exif\0\0"s + good) == 6);
  BOOST_TEST(orientation("MM\0*\0\0\0\x08\0\1\1\x12\0\3\0\0\0\1\0\x08\0\0"s) == 8);
  for (std::size_t length = 0; length < good.size(); ++length) BOOST_TEST(orientation(good.substr(0, length)) == 1);
  BOOST_TEST(orientation("II*\0\xFF\xFF\xFF\xFF\1\0\x12\1\3\0\1\0\0\0\6\0\0\0"s) == 1);  // directory outside
  BOOST_TEST(orientation("II*\0\x08\0\0\0\xFF\xFF\x12\1\3\0\1\0\0\0\7\0\0\0"s) == 7);    // more entries than room
  BOOST_TEST(orientation("II*\0\x08\0\0\0\1\0\x12\1\3\0\1\0\0\0\x09\0\0\0"s) == 1);      // no such orientation
}

BOOST_AUTO_TEST_CASE(a_jpeg_of_ours_is_read_back) {
  const Picture picture = golden::make_picture("smooth", 61, 40);
  const auto file = tagger::encode_jpeg(picture, 95);
  const Picture again = tagger::decode(file);
  BOOST_REQUIRE_EQUAL(again.rgb.size(), picture.rgb.size());
  double sum = 0;
  for (std::size_t i = 0; i < picture.rgb.size(); ++i) sum += std::abs(picture.rgb[i] - again.rgb[i]);
  BOOST_TEST(sum / static_cast<double>(picture.rgb.size()) < 12.0);  // a picture with wrapped edges, half the chroma
  BOOST_TEST(tagger::encode_jpeg(picture, 20).size() < file.size());
  BOOST_CHECK_THROW(tagger::encode_jpeg(picture, 0), tagger::OptionError);
  BOOST_CHECK_THROW(tagger::encode_jpeg(picture, 101), tagger::OptionError);
  BOOST_CHECK_THROW(tagger::encode_jpeg(Picture{}, 90), tagger::ImageError);
}
