#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include <torch/torch.h>

#include <data/temporary_folder.hpp>
#include <tagger/tagger.hpp>

inline const std::vector<std::string> colours{"red", "green", "blue"};
inline constexpr int side = 24;

/// A network of a user's own, small enough to train in a second.
struct TinyNet : torch::nn::Module {
  static tagger::BackboneSpec spec() { return {.name = "tiny", .features = 16, .input_size = side}; }

  TinyNet()
      : conv1(register_module("conv1", torch::nn::Conv2d(torch::nn::Conv2dOptions(3, 8, 3).stride(2)))),
        bn1(register_module("bn1", torch::nn::BatchNorm2d(8))),
        conv2(register_module("conv2", torch::nn::Conv2d(torch::nn::Conv2dOptions(8, 16, 3).stride(2)))) {}

  tagger::FeatureMap forward(const at::Tensor& images) { return {torch::relu(conv2(torch::relu(bn1(conv1(images)))))}; }

  torch::nn::Conv2d conv1;
  torch::nn::BatchNorm2d bn1;
  torch::nn::Conv2d conv2;
};

using TinyTagger = tagger::Tagger<TinyNet>;

/// Pictures of one colour each, whose labels are the channels that are bright: a network learns that in seconds.
/// Picture i has the labels of the bits of i * 5 + 3 and lies in `folder`/<prefix><i>.jpg.
inline tagger::Annotations make_pictures(const std::filesystem::path& folder, int count, const std::string& prefix = "",
                                         bool with_unknown = false) {
  std::filesystem::create_directories(folder);
  std::vector<tagger::Sample> samples;
  for (int i = 0; i < count; ++i) {
    const int bits = i * 5 + 3;
    tagger::Sample sample{.image_name = prefix + std::to_string(i) + ".jpg", .yes = {}, .unknown = {}};
    tagger::Picture picture(32, 20);
    for (int c = 0; c < 3; ++c) {
      const bool bright = (bits >> c & 1) != 0;
      const auto value = static_cast<std::uint8_t>((bright ? 200 : 20) + i * 7 % 30);
      for (int p = 0; p < picture.width * picture.height; ++p)
        picture.row(0)[3 * p + c] = static_cast<std::uint8_t>(value + p % 24);
      if (with_unknown && (i * 3 + c) % 5 == 0)
        sample.unknown.push_back(c);
      else if (bright)
        sample.yes.push_back(c);
    }
    const auto file = tagger::encode_jpeg(picture, 95);
    tagger::write_file(folder / sample.image_name, {reinterpret_cast<const char*>(file.data()), file.size()});
    samples.push_back(std::move(sample));
  }
  return {colours, std::move(samples), folder / "annotations.json"};
}

inline tagger::TransformOptions shape() { return {.size = side}; }

/// Training and test pictures in a folder of their own.
struct Data {
  explicit Data(const std::filesystem::path& folder, int train_count = 40, int test_count = 12)
      : train{make_pictures(folder, train_count), folder, tagger::training_transform(shape())},
        test{make_pictures(folder, test_count, "test"), folder, tagger::evaluation_transform(shape())} {}

  tagger::Dataset train, test;
};

inline std::unique_ptr<TinyTagger> new_tagger(std::uint64_t seed = 7) {
  at::manual_seed(seed);
  return std::make_unique<TinyTagger>(colours);
}

inline std::string bytes_of(const std::filesystem::path& path) {
  const auto bytes = tagger::read_file(path);
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

/// Overwrites a file as a broken disk does: in place, under every name that it has.
inline void damage(const std::filesystem::path& path, std::string_view bytes) {
  std::filesystem::remove(path);
  tagger::write_file(path, bytes);
}
