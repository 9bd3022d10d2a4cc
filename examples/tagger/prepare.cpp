#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <iostream>
#include <optional>

#include <tagger/cli/command.hpp>
#include <tagger/data/prepare.hpp>
#include <tagger/data/read_annotations.hpp>
#include <tagger/data/write_annotations.hpp>
#include <tagger/report/bar_chart.hpp>

#include "tagger/commands.hpp"
#include "tagger/file_shapes.hpp"

namespace tagger_program {
namespace {

namespace fs = std::filesystem;
using tagger::OptionSet;

struct PrepareOptions {
  fs::path annotations, train, validation;
  std::size_t labels = 27, samples = 6000, train_parts = 5, validation_parts = 1;
  std::optional<std::uint64_t> shuffle;

  void describe(OptionSet& set) {
    set.option("annotations", annotations, "ALL.json", "pictures and their labels").required();
    set.option("train", train, "A.json", "written: the larger part, to train on").required();
    set.option("validation", validation, "B.json", "written: the smaller part, to score on").required();
    set.option("labels", labels, "K", "keep the K most frequent labels, and pictures that have one of them")
        .at_least(1);
    set.option("samples", samples, "N", "then the first N pictures").at_least(2);
    set.option("train-parts", train_parts, "N", "of the split").at_least(1);
    set.option("validation-parts", validation_parts, "N", "of the split").at_least(1);
    set.option("shuffle", shuffle, "SEED", "put the pictures into a random order first");
    set.file("ALL.json, A.json, B.json", annotations_shape);
  }
};

int prepare(const PrepareOptions& options) {
  auto all = tagger::read_annotations(options.annotations);
  if (options.shuffle) all = tagger::shuffle_samples(all, *options.shuffle);
  const auto kept = tagger::first_samples(tagger::most_frequent_labels(all, options.labels), options.samples);
  const auto parts = tagger::split(kept, options.train_parts, options.validation_parts);
  tagger::write_annotations(options.train, parts.train);
  tagger::write_annotations(options.validation, parts.test);
  std::cout << options.train.string() << ": " << parts.train.size() << " pictures\n"
            << options.validation.string() << ": " << parts.test.size() << " pictures\n"
            << tagger::bar_chart(tagger::label_distribution(kept));
  return 0;
}

}  // namespace

tagger::Command prepare_command() {
  return tagger::command<PrepareOptions>("prepare", "Cut annotations to the frequent labels and split them.", prepare);
}

}  // namespace tagger_program
