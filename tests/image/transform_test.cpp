#define BOOST_TEST_MODULE image_transform
#include <algorithm>
#include <array>
#include <cmath>
#include <filesystem>
#include <set>
#include <string>
#include <tuple>
#include <vector>

#include <boost/test/unit_test.hpp>

#include <tagger/file.hpp>
#include <tagger/image/augmentation.hpp>

#include "golden.hpp"

using namespace tagger;

namespace {

template <class Make>
std::string refusal(Make make) {
  try {
    make();
  } catch (const OptionError& error) {
    return error.what();
  }
  return "";
}

bool contains(const std::string& text, std::string_view part) { return text.find(part) != std::string::npos; }

// [step]
/// Keeps every second bit of each value.
constexpr auto coarse = [](tagger::Picture picture, tagger::Random&) {
  for (auto& value : picture.rgb) value &= 0b10101010;
  return picture;
};
static_assert(tagger::PictureTransform<decltype(coarse)>);
// [step]

// [augmentation]
/// For pictures that have no upper side, from microscopes and satellites.
struct AnySideUp {
  static constexpr std::string_view name = "any_side_up";

  double degrees = 180;

  template <class Self>
  static void fields(Self& self, auto&& field) {
    field("degrees", self.degrees, "rotation either way, at most", tagger::between(0, 180));
  }

  tagger::Transform operator()(const tagger::TransformOptions& options) const {
    return {options.size,
            options.size,
            options.normalize(),
            options.to_square(),
            tagger::RandomVerticalFlip{},
            tagger::RandomAffine{{.degrees = {-degrees, degrees}}}};
  }
};
static_assert(tagger::Augmentation<AnySideUp>);

using MyAugmentations = std::tuple<AnySideUp, tagger::augmentations::Tutorial>;
// [augmentation]

}  // namespace

BOOST_AUTO_TEST_CASE(evaluation_is_resize_and_normalize) {
  const Picture picture = golden::make_picture("smooth", 500, 375);
  const Transform transform = evaluation_transform({.size = 64});
  std::vector<float> out(3 * 64 * 64), expected(3 * 64 * 64);
  Random random{1, 2, 3};
  for (const Layout layout : {Layout::planar, Layout::interleaved}) {
    transform(picture, random, out, layout);
    Normalize{}(resize(picture, 64, 64), expected, layout);
    BOOST_TEST((out == expected));
  }
  BOOST_TEST(out[0] == (resize(picture, 64, 64).rgb[0] / 255.0f - 0.485f) / 0.229f);
}

BOOST_AUTO_TEST_CASE(training_is_the_recipe_step_by_step) {
  const Picture picture = golden::make_picture("smooth", 300, 200);
  const Transform transform = training_transform();
  BOOST_TEST(transform.width() == 256);
  BOOST_TEST(transform.height() == 256);
  const RandomAffine move{{.degrees = {-20, 20}, .translate = {.2, .2}, .scale = {.5, 1.5}, .fill = {123, 116, 103}}};
  for (std::uint64_t index = 0; index < 20; ++index) {
    Random random{2020, 1, index}, same{2020, 1, index};
    Picture expected = RandomHorizontalFlip{}(resize(picture, 256, 256), same);
    expected = move(std::move(expected), same);
    BOOST_TEST((transform.picture(picture, random) == expected));
  }
}

BOOST_AUTO_TEST_CASE(a_draw_is_a_function_of_seed_epoch_and_index) {
  const Picture picture = golden::make_picture("smooth", 40, 30);
  const Transform transform = training_transform({.size = 32});
  const auto draw = [&](std::uint64_t seed, std::uint64_t epoch, std::uint64_t index) {
    std::vector<float> out(3 * 32 * 32);
    Random random{seed, epoch, index};
    transform(picture, random, out);
    return out;
  };
  BOOST_TEST((draw(1, 2, 3) == draw(1, 2, 3)));
  BOOST_TEST((draw(1, 2, 3) != draw(2, 2, 3)));
  BOOST_TEST((draw(1, 2, 3) != draw(1, 3, 3)));
  BOOST_TEST((draw(1, 2, 3) != draw(1, 2, 4)));
}

BOOST_AUTO_TEST_CASE(any_callable_is_a_step) {
  static_assert(PictureTransform<Transform::Step>);
  static_assert(!PictureTransform<decltype([](Picture picture) { return picture; })>);
  static_assert(!PictureTransform<decltype([](Picture, Random&) { return 1; })>);
  const Transform transform{8, 4, Normalize{{0, 0, 0}, {1, 1, 1}}, Resize{8, 4}, coarse};
  std::vector<float> out(3 * 8 * 4);
  Random random{1, 1, 1};
  Picture white(20, 20);
  paint(white, {0, 0, 20, 20}, {255, 255, 255});
  transform(white, random, out);
  BOOST_TEST(std::all_of(out.begin(), out.end(), [](float value) { return value == 170 / 255.0f; }));
}

BOOST_AUTO_TEST_CASE(an_augmentation_of_ones_own_has_a_name_too) {
  const Picture picture = golden::make_picture("smooth", 32, 32);
  Random random{1, 1, 1}, same{1, 1, 1};
  const Transform mine = training_transform<MyAugmentations>("any_side_up:degrees=0", {.size = 32});
  BOOST_TEST((mine.picture(picture, random) == RandomVerticalFlip{}(picture, same)));
  BOOST_TEST(contains(refusal([] { training_transform<MyAugmentations>("none"); }), "valid: any_side_up, tutorial"));
}

BOOST_AUTO_TEST_CASE(a_size_that_was_not_promised_is_refused) {
  Random random{1, 1, 1};
  std::vector<float> out(3 * 64);
  const Transform transform{8, 8, Normalize{}, Resize{8, 4}};
  BOOST_TEST(contains(refusal([&] { transform(Picture(20, 20), random, out); }), "made 8x4 pixels, not 8x8"));
  const Transform fits{8, 4, Normalize{}, Resize{8, 4}};
  BOOST_TEST(contains(refusal([&] { fits(Picture(20, 20), random, out); }), "96 values does not fit room for 192"));
  BOOST_TEST(contains(refusal([] { evaluation_transform({.size = 0}); }), "the size 0 is not positive"));
  BOOST_TEST(contains(refusal([] { evaluation_transform({.std = {1, 0, 1}}); }), "std 0.000000 of channel 1"));
}

BOOST_AUTO_TEST_CASE(half_of_the_pictures_are_mirrored) {
  const Picture picture = golden::make_picture("smooth", 5, 1);
  int flipped = 0;
  for (std::uint64_t index = 0; index < 2000; ++index) {
    Random random{7, 0, index};
    flipped += RandomHorizontalFlip{}(picture, random) != picture;
  }
  BOOST_TEST(std::abs(flipped - 1000) < 100);
  BOOST_TEST(refusal([] { RandomHorizontalFlip{1.5}; }) != "");
  BOOST_TEST(refusal([] { RandomHorizontalFlip{NAN}; }) != "");
}

BOOST_AUTO_TEST_CASE(affine_draws_cover_their_ranges_and_move_by_whole_pixels) {
  const RandomAffine move{{.degrees = {-20, 20}, .translate = {.2, .1}, .scale = {.5, 1.5}, .shear_x = {1, 2}}};
  double least_angle = 99, most_angle = -99, most_x = 0, most_y = 0;
  for (std::uint64_t index = 0; index < 2000; ++index) {
    Random random{7, 0, index};
    const AffineParameters drawn = move.draw(100, 50, random);
    least_angle = std::min(least_angle, drawn.angle);
    most_angle = std::max(most_angle, drawn.angle);
    most_x = std::max(most_x, std::abs(drawn.translate[0]));
    most_y = std::max(most_y, std::abs(drawn.translate[1]));
    BOOST_REQUIRE(drawn.translate[0] == std::round(drawn.translate[0]));
    BOOST_REQUIRE((drawn.scale >= .5 && drawn.scale < 1.5));
    BOOST_REQUIRE((drawn.shear[0] >= 1 && drawn.shear[0] < 2 && drawn.shear[1] == 0));
  }
  BOOST_TEST((least_angle >= -20 && least_angle < -19.5 && most_angle > 19.5 && most_angle <= 20));
  BOOST_TEST(most_x == 20);
  BOOST_TEST(most_y == 5);
}

BOOST_AUTO_TEST_CASE(an_affine_transform_may_lead_anywhere) {
  const Picture picture = golden::make_picture("noise", 40, 30);
  const std::array<std::uint8_t, 3> fill{9, 8, 7};
  for (const double far : {1e5, 1e12, 1e300, -1e300}) {
    for (std::size_t entry = 0; entry < 6; ++entry) {
      InverseAffine matrix{.9, .2, 1, -.2, .9, 1};
      matrix[entry] = far;
      const Picture result = affine(picture, matrix, fill);
      int filled = 0;
      for (std::size_t i = 0; i < result.rgb.size(); i += 3) {
        filled += result.rgb[i] == 9 && result.rgb[i + 1] == 8 && result.rgb[i + 2] == 7;
      }
      BOOST_TEST(filled > 40 * 30 * 9 / 10, "entry " << entry << " = " << far << ": " << filled);
    }
  }
  BOOST_TEST((affine(picture, AffineParameters{.scale = 1e-9}, fill).width == 40));
}

BOOST_AUTO_TEST_CASE(nonsense_ranges_are_refused) {
  BOOST_TEST(contains(refusal([] { RandomAffine{{.degrees = {20, -20}}}; }), "degrees"));
  BOOST_TEST(contains(refusal([] { RandomAffine{{.degrees = {NAN, 0}}}; }), "degrees"));
  BOOST_TEST(contains(refusal([] { RandomAffine{{.translate = {.2, 1.2}}}; }), "translate"));
  BOOST_TEST(contains(refusal([] { RandomAffine{{.scale = {0, 1}}}; }), "scale"));
  BOOST_TEST(contains(refusal([] { RandomAffine{{.scale = {-1, 1}}}; }), "scale"));
  BOOST_TEST(contains(refusal([] { affine(Picture(2, 2), AffineParameters{.scale = 0}); }), "scale"));
  BOOST_TEST(contains(refusal([] { affine(Picture(2, 2), InverseAffine{NAN}); }), "entry"));
  BOOST_TEST(contains(refusal([] { ColorJitter{{.brightness = -.1}}; }), "brightness"));
  BOOST_TEST(contains(refusal([] { ColorJitter{{.contrast = {1, .5}}}; }), "contrast"));
  BOOST_TEST(contains(refusal([] { ColorJitter{{.saturation = {-1, 1}}}; }), "saturation"));
  BOOST_TEST(contains(refusal([] { ColorJitter{{.hue = .6}}; }), "hue"));
  BOOST_TEST(contains(refusal([] { ColorJitter{{.hue = {-.6, .1}}}; }), "hue"));
  BOOST_TEST(contains(refusal([] { adjust_hue(Picture(1, 1), .51); }), "hue"));
  BOOST_TEST(contains(refusal([] { adjust_contrast(Picture(1, 1), -1); }), "contrast"));
}

BOOST_AUTO_TEST_CASE(jitter_without_arguments_changes_nothing) {
  const Picture picture = golden::make_picture("noise", 9, 9);
  Random random{1, 1, 1};
  BOOST_TEST((ColorJitter{}(picture, random) == picture));
  BOOST_TEST((ColorJitter{{.brightness = 0.0, .contrast = {1, 1}, .hue = {0, 0}}}(picture, random) == picture));
}

BOOST_AUTO_TEST_CASE(jitter_with_one_argument_is_that_adjustment) {
  const Picture picture = golden::make_picture("noise", 9, 9);
  const std::pair<ColorJitterOptions, Picture> cases[] = {
      {{.brightness = {.7, .7}}, adjust_brightness(picture, .7)},
      {{.contrast = {1.7, 1.7}}, adjust_contrast(picture, 1.7)},
      {{.saturation = {0, 0}}, adjust_saturation(picture, 0)},
      {{.hue = {-.3, -.3}}, adjust_hue(picture, -.3)},
  };
  for (const auto& [options, expected] : cases) {
    Random random{1, 1, 1};
    BOOST_TEST((ColorJitter{options}(picture, random) == expected));
  }
}

BOOST_AUTO_TEST_CASE(jitter_takes_the_four_in_every_order) {
  const Picture picture = golden::make_picture("smooth", 30, 20);
  const ColorJitter jitter{{.brightness = {.6, .6}, .contrast = {1.9, 1.9}, .saturation = {.3, .3}, .hue = {.2, .2}}};
  const auto adjust = [](int which, Picture p) {
    return which == 0   ? adjust_brightness(std::move(p), .6)
           : which == 1 ? adjust_contrast(std::move(p), 1.9)
           : which == 2 ? adjust_saturation(std::move(p), .3)
                        : adjust_hue(std::move(p), .2);
  };
  const auto text = [](const Picture& p) { return std::string(p.rgb.begin(), p.rgb.end()); };
  std::set<std::string> possible, seen;
  std::vector<int> order{0, 1, 2, 3};
  do {
    Picture result = picture;
    for (const int which : order) result = adjust(which, std::move(result));
    possible.insert(text(result));
  } while (std::next_permutation(order.begin(), order.end()));
  for (std::uint64_t index = 0; index < 500; ++index) {
    Random random{3, 0, index};
    seen.insert(text(jitter(picture, random)));
  }
  BOOST_TEST(possible.size() > 12);
  BOOST_TEST((seen == possible));
}

BOOST_AUTO_TEST_CASE(names_are_those_of_timm) {
  for (const auto name : {"nearest", "bilinear", "bicubic"}) {
    BOOST_TEST(interpolation_name(interpolation_named(name)) == name);
  }
  for (const auto name : {"squash", "center", "pad"}) BOOST_TEST(crop_mode_name(crop_mode_named(name)) == name);
  for (const auto name : {"rgb", "bgr"}) BOOST_TEST(channel_order_name(channel_order_named(name)) == name);
  BOOST_TEST(refusal([] { interpolation_named("bicubik"); }) ==
             "unknown interpolation \"bicubik\"; valid: nearest, bilinear, bicubic; did you mean \"bicubic\"?");
  BOOST_TEST(contains(refusal([] { crop_mode_named("border"); }), "crop mode \"border\"; valid: squash, center, pad"));
  BOOST_TEST(contains(refusal([] { channel_order_named("gbr"); }), "valid: rgb, bgr"));
}

BOOST_AUTO_TEST_CASE(a_network_may_take_values_up_to_255_and_blue_first) {
  const Normalize normalize{{0, 0, 0}, {1 / 255.0f, 1 / 255.0f, 1 / 255.0f}, ChannelOrder::bgr};
  Picture picture(256, 1);
  for (std::size_t v = 0; v < 256; ++v) {
    for (std::size_t c = 0; c < 3; ++c) picture.rgb[3 * v + c] = static_cast<std::uint8_t>(c == 0 ? v : c);
  }
  std::vector<float> out(3 * 256);
  normalize(picture, out, Layout::planar);
  for (std::size_t v = 0; v < 256; ++v) {
    BOOST_TEST(std::abs(out[512 + v] - static_cast<float>(v)) <= 1e-4f);
    BOOST_TEST(std::abs(out[v] - 2) <= 1e-6f);
  }
  BOOST_TEST(std::abs(out[256] - 1) <= 1e-6f);
}

BOOST_AUTO_TEST_CASE(what_cannot_be_a_square_is_refused) {
  BOOST_TEST(contains(refusal([] { evaluation_transform({.crop = 0}); }), "crop 0.000000 is not above 0"));
  BOOST_TEST(contains(refusal([] { evaluation_transform({.crop = 1.1}); }), "at most 1"));
  BOOST_TEST(contains(refusal([] { evaluation_transform({.crop = NAN}); }), "at most 1"));
  BOOST_TEST(contains(refusal([] { evaluation_transform({.crop = 1e-9}); }), "too large"));
  Random random{1, 1, 1};
  const Picture strip(1, 60000);
  const auto broken = [&](CropMode mode) {
    try {
      evaluation_transform({.size = 224, .crop_mode = mode}).picture(strip, random);
    } catch (const ImageError& error) {
      return std::string(error.what());
    }
    return std::string();
  };
  BOOST_TEST(contains(broken(CropMode::center), "1x60000 pixels is too long: with its shorter side at 224"));
  BOOST_TEST(contains(broken(CropMode::pad), "1x60000 pixels is too long to be made a square"));
  BOOST_TEST(broken(CropMode::squash) == "");
}

BOOST_AUTO_TEST_CASE(crops_reach_beyond_pictures_and_paint_stays_within) {
  Picture picture = golden::make_picture("noise", 3, 2);
  const Color fill{9, 8, 7};
  const Picture around = crop(picture, {-1, -1, 5, 4}, fill);
  for (int y = 0; y < 4; ++y) {
    for (int x = 0; x < 5; ++x) {
      const bool inside = x >= 1 && x < 4 && y >= 1 && y < 3;
      const std::uint8_t* expected = inside ? picture.row(y - 1) + 3 * (x - 1) : fill.data();
      BOOST_TEST(std::equal(expected, expected + 3, around.row(y) + 3 * x));
    }
  }
  for (const Box& outside : {Box{3, 0, 2, 2}, Box{0, 2, 2, 2}, Box{-4, 0, 4, 2}, Box{2147483647, 5, 2, 2}}) {
    const Picture blank = crop(picture, outside, fill);
    BOOST_TEST(std::equal(fill.begin(), fill.end(), blank.rgb.begin()));
    const Picture before = picture;
    paint(picture, outside, fill);
    BOOST_TEST((picture == before));
  }
  BOOST_TEST(contains(refusal([&] { crop(picture, {0, 0, 0, 4}); }), "cropped to 0x4"));
}

BOOST_AUTO_TEST_CASE(random_crops_keep_to_their_ranges) {
  const RandomResizedCrop step{{.width = 8, .height = 8, .scale = {0.25, 0.5}, .ratio = {0.5, 2}}};
  for (std::uint64_t index = 0; index < 2000; ++index) {
    Random random{7, 0, index};
    const Box box = step.draw(200, 100, random);
    const double area = box.width * box.height / 20000.0, ratio = static_cast<double>(box.width) / box.height;
    BOOST_REQUIRE((area > 0.24 && area < 0.51 && ratio > 0.48 && ratio < 2.05));
    BOOST_REQUIRE((box == within(box, 200, 100)));
  }
  Random random{7, 0, 0};
  BOOST_TEST((step.draw(1000, 1, random) == Box{499, 0, 2, 1}));
  BOOST_TEST((step.draw(1, 1000, random) == Box{0, 499, 1, 2}));
  BOOST_TEST((step.draw(1, 1, random) == Box{0, 0, 1, 1}));
  BOOST_TEST(contains(refusal([] { RandomResizedCrop{{.width = 0}}; }), "0x224"));
  BOOST_TEST(contains(refusal([] { RandomResizedCrop{{.scale = {0.5, 0.2}}}; }), "RandomResizedCrop: scale {0.5"));
  BOOST_TEST(contains(refusal([] { RandomResizedCrop{{.ratio = {0, 1}}}; }), "RandomResizedCrop: ratio {0.0"));
}

BOOST_AUTO_TEST_CASE(what_is_erased_becomes_noise_and_the_rest_stays) {
  const Picture picture(60, 40);
  const RandomErasing step{{.scale = {0.3, 0.3}, .ratio = {0.5, 2}}};
  int erased = 0;
  double sum = 0, values = 0;
  for (std::uint64_t index = 0; index < 1000; ++index) {
    Random random{7, 0, index}, same{7, 0, index};
    const Picture result = step(picture, random);
    if (!same.chance(0.5)) {
      BOOST_REQUIRE((result == picture));
      continue;
    }
    ++erased;
    const Box box = step.draw(60, 40, same);
    BOOST_REQUIRE(std::abs(box.width * box.height / 2400.0 - 0.3) < 0.03);
    Picture outside = result;
    paint(outside, box, {0, 0, 0});
    BOOST_REQUIRE((outside == picture));
    for (const auto value : crop(result, box).rgb) sum += value, values += 1;
  }
  BOOST_TEST(std::abs(erased - 500) < 60);
  BOOST_TEST(std::abs(sum / values - 127.5) < 0.5);
  BOOST_TEST(contains(refusal([] { RandomErasing{{.probability = 2}}; }), "RandomErasing: the probability 2"));
  BOOST_TEST(contains(refusal([] { RandomErasing{{.scale = {0, 2}}}; }), "RandomErasing: scale"));
  BOOST_TEST(contains(refusal([] { Cutout{-1}; }), "Cutout: the share -1"));
  BOOST_TEST(contains(refusal([] { RandAugment{{.magnitude = 31}}; }), "magnitude 31 is not from 0 to 30"));
  BOOST_TEST(contains(refusal([] { RandAugment{{.operations = -1}}; }), "-1 operations"));
  BOOST_TEST(contains(refusal([] { posterize(Picture(1, 1), 0); }), "0 bits are not 1 to 8"));
}

BOOST_AUTO_TEST_CASE(augmentations_have_names_and_values) {
  const Picture picture = golden::make_picture("smooth", 90, 70);
  const TransformOptions options{.size = 32, .crop_mode = CropMode::center, .channels = ChannelOrder::bgr};
  const auto run = [&](const Transform& transform, std::uint64_t index) {
    std::vector<float> out(3 * 32 * 32);
    Random random{1, 2, index};
    transform(picture, random, out);
    return out;
  };
  const auto names = policy_names<Augmentations>();
  for (const auto& name : names) {
    const Transform transform = training_transform(name, options);
    BOOST_TEST(transform.width() == 32);
    BOOST_TEST((transform.normalize().channels == ChannelOrder::bgr));
    std::set<std::vector<float>> seen;
    for (std::uint64_t index = 0; index < 20; ++index) seen.insert(run(transform, index));
    BOOST_TEST(seen.size() == (name == "none" ? 1u : name == "mirror" ? 2u : 20u), name << ": " << seen.size());
  }
  BOOST_TEST((run(training_transform("none", options), 5) == run(evaluation_transform(options), 5)));
  BOOST_TEST((run(training_transform("tutorial", options), 5) == run(training_transform(options), 5)));
  BOOST_TEST((run(training_transform("mirror:probability=0", options), 5) == run(evaluation_transform(options), 5)));
  BOOST_TEST((run(training_transform("rand_augment:operations=0:cutout=0", options), 5) ==
              run(evaluation_transform(options), 5)));
  BOOST_TEST((run(training_transform("random_resized_crop:least_area=0.7", options), 5) !=
              run(training_transform("random_resized_crop", options), 5)));
  BOOST_TEST(refusal([] { training_transform("tutorail"); }) ==
             "unknown augmentation \"tutorail\"; valid: tutorial, none, mirror, random_resized_crop, rand_augment; did "
             "you mean \"tutorial\"?");
  BOOST_TEST(contains(refusal([] { training_transform("rand_augment:cutut=0"); }),
                      "rand_augment: unknown field \"cutut\"; valid: operations, magnitude, cutout, mirror"));
  BOOST_TEST(contains(refusal([] { training_transform("rand_augment:magnitude=31"); }), "must be between 0 and 30"));
  BOOST_TEST(contains(refusal([] { training_transform("tutorial:least_scale=2"); }), "scale"));
}

BOOST_AUTO_TEST_CASE(the_page_names_every_augmentation_with_its_values) {
  const auto page =
      read_file(std::filesystem::path(TAGGER_TEST_DATA).parent_path().parent_path() / "docs/transform.md");
  const std::string text(reinterpret_cast<const char*>(page.data()), page.size());
  for_each_policy<Augmentations>([&]<class A>() {
    const auto begin = text.find("\n| `" + std::string(A::name) + "` |");
    BOOST_TEST_REQUIRE(begin != std::string::npos, A::name << " has no row");
    std::string values;
    for (const auto& field : fields_of<A>()) {
      values += (values.empty() ? "`" : ", `") + field.name + "` " + field.default_value;
    }
    const std::string row = text.substr(begin + 1, text.find('\n', begin + 1) - begin - 1);
    BOOST_TEST(row.ends_with("| " + values + (values.empty() ? "|" : " |")), row << " does not end in " << values);
  });
}
