// Images per second that the loader alone delivers: JPEG files of 500 x 375 through the training transforms.
#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdint>
#include <filesystem>
#include <iostream>
#include <string>
#include <utility>
#include <vector>

#include <tagger/cli/command.hpp>
#include <tagger/cli/run_main.hpp>
#include <tagger/data/annotations.hpp>
#include <tagger/file.hpp>
#include <tagger/image/augmentation.hpp>
#include <tagger/image/encode.hpp>
#include <tagger/image/picture.hpp>
#include <tagger/loader/dataset.hpp>
#include <tagger/loader/loader.hpp>
#include <tagger/random.hpp>
#include <tagger/report/table.hpp>
#include <tagger/version.hpp>

namespace {

namespace fs = std::filesystem;

struct Options {
  fs::path images;
  std::int64_t pictures = 256, passes = 3;
  int workers = 1, size = 256;

  void describe(tagger::OptionSet& set) {
    set.option("images", images, "DIR", "the pictures are made here, unless they are there").required();
    set.option("pictures", pictures, "N", "how many").at_least(1);
    set.option("passes", passes, "N", "over all of them; the fastest counts").at_least(1);
    set.option("workers", workers, "N", "threads that decode; 0: the caller's own").between(0, 256);
    set.option("size", size, "PIXELS", "both sides of the pictures that the network sees").between(32, 4096);
    set.file("DIR/0.jpg, DIR/1.jpg, ...", "JPEG of 500 x 375 pixels");
  }
};

/// A picture that takes a JPEG as many bytes as a photograph does: smooth shapes, edges and some noise.
tagger::Picture scene(std::uint64_t seed) {
  tagger::Picture picture(500, 375);
  tagger::Random random(seed, 0, 0);
  const double fx = random.uniform(0.01, 0.08), fy = random.uniform(0.01, 0.08), phase = random.uniform(0, 6.3);
  for (int y = 0; y < picture.height; ++y) {
    for (int x = 0; x < picture.width; ++x) {
      const double wave = std::sin(fx * x + phase) + std::sin(fy * y) + ((x / 60 + y / 50) % 2 ? 0.4 : -0.4);
      for (int c = 0; c < 3; ++c) {
        const double value = 128 + (40 - 8 * c) * wave + random.uniform(-12, 12);
        picture.row(y)[3 * x + c] = static_cast<std::uint8_t>(std::clamp(value, 0.0, 255.0));
      }
    }
  }
  return picture;
}

int run(const Options& options) {
  fs::create_directories(options.images);
  std::vector<tagger::Sample> samples;
  for (std::int64_t i = 0; i < options.pictures; ++i) {
    const std::string name = std::to_string(i) + ".jpg";
    if (!fs::exists(options.images / name)) {
      const auto bytes = tagger::encode_jpeg(scene(static_cast<std::uint64_t>(i)), 90);
      tagger::write_file(options.images / name, {reinterpret_cast<const char*>(bytes.data()), bytes.size()});
    }
    samples.push_back({.image_name = name, .yes = {0}, .unknown = {}});
  }
  const tagger::Dataset dataset{tagger::Annotations{{"any"}, std::move(samples)}, options.images,
                                tagger::training_transform({.size = options.size})};
  double best = 0;
  for (std::int64_t pass = 0; pass < options.passes; ++pass) {
    const auto start = std::chrono::steady_clock::now();
    tagger::Loader loader(dataset, {.batch_size = 32, .workers = options.workers, .shuffle = true, .epoch = pass});
    while (loader.next()) {
    }
    const std::chrono::duration<double> seconds = std::chrono::steady_clock::now() - start;
    best = std::max(best, static_cast<double>(options.pictures) / seconds.count());
  }
  std::cout << "tagger, " << options.workers << " workers: " << tagger::format_number(best, 1) << " images/s\n";
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  return tagger::run_main(
      argc, argv,
      {.name = "loader",
       .version = tagger::version,
       .commands = {tagger::command<Options>("", "Time the loader on JPEG files of 500 x 375 pixels.", run)}});
}
