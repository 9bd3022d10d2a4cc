// Makes the demo's annotations from the Open Clip Art Library: 8,121 drawings in the public domain, each with the tags
// that its author and the library's visitors gave it.
//
// The tags are taken as they are, but for case and blanks: what a drawing was filed under ("signs_and_symbols",
// "unsorted") and what a program has left behind ("hash", "magick") is among the most frequent. --drop leaves tags out.

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <iostream>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <tagger/cli/run_main.hpp>
#include <tagger/data/distribution.hpp>
#include <tagger/data/prepare.hpp>
#include <tagger/data/write_annotations.hpp>
#include <tagger/error.hpp>
#include <tagger/split/split.hpp>
#include <tagger/version.hpp>

#include "openclipart_reader.hpp"

namespace {

struct Options {
  std::filesystem::path root = "/usr/share/openclipart";
  std::filesystem::path output;
  std::int64_t labels = 27;
  std::int64_t samples = 6000;
  std::uint64_t seed = 2020;
  std::vector<std::string> drop;

  void describe(tagger::OptionSet& set) {
    set.option("root", root, "ROOT", "where the packages openclipart-svg and openclipart-png lie");
    set.option("output", output, "DIR", "folder to write to").required();
    set.option("labels", labels, "K", "how many of the most frequent tags become labels").at_least(1);
    set.option("samples", samples, "N", "how many drawings are taken; one in six is for validation").at_least(6);
    set.option("seed", seed, "N", "decides which, and in which order");
    set.option("drop", drop, "TAG", "a tag that does not count");
    set.file("ROOT/svg/**.svg", "the drawings and their tags");
    set.file("ROOT/png/**.png", "their pictures: train with --images ROOT/png");
    set.file("DIR/train.json", "five parts of the drawings");
    set.file("DIR/validation.json", "the sixth");
  }
};

int run(const Options& options) {
  const auto warn = [](std::string_view message) { std::cerr << "openclipart: " << message << ", left out\n"; };
  auto drawings = openclipart::read_drawings(options.root, warn);
  for (auto& drawing : drawings) {
    for (const auto& tag : options.drop) drawing.tags.erase(openclipart::normalized_tag(tag));
  }
  drawings = openclipart::shuffled(std::move(drawings), options.seed);

  const auto all = openclipart::annotations(drawings, options.root);
  const auto frequent = tagger::most_frequent_labels(all, static_cast<std::size_t>(options.labels));
  if (frequent.size() < static_cast<std::size_t>(options.samples)) {
    throw tagger::OptionError("--samples: " + std::to_string(options.samples) + ": only " +
                              std::to_string(frequent.size()) + " drawings have one of the labels");
  }
  const auto chosen = tagger::first_samples(frequent, static_cast<std::size_t>(options.samples));
  const auto [train, validation] = tagger::split(chosen);

  std::filesystem::create_directories(options.output);
  tagger::write_annotations(options.output / "train.json", train);
  tagger::write_annotations(options.output / "validation.json", validation);
  std::cout << drawings.size() << " drawings, " << all.labels().size() << " tags; " << frequent.size()
            << " drawings have one of the " << options.labels << " most frequent\n"
            << (options.output / "train.json").string() << ": " << train.size() << " drawings\n"
            << (options.output / "validation.json").string() << ": " << validation.size() << " drawings\n";
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  return tagger::run_main(
      argc, argv,
      {.name = "openclipart",
       .version = tagger::version,
       .commands = {tagger::command<Options>("", "Makes annotations from the Open Clip Art Library.", run)}});
}
