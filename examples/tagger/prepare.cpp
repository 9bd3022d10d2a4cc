#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <iostream>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <tagger/cli/command.hpp>
#include <tagger/cli/policy_value.hpp>
#include <tagger/data/prepare.hpp>
#include <tagger/data/read_annotations.hpp>
#include <tagger/data/write_annotations.hpp>
#include <tagger/error.hpp>
#include <tagger/policy_list.hpp>
#include <tagger/report/bar_chart.hpp>
#include <tagger/report/split_table.hpp>
#include <tagger/split/any_splitter.hpp>
#include <tagger/split/quality.hpp>
#include <tagger/split/split.hpp>

#include "tagger/commands.hpp"
#include "tagger/file_shapes.hpp"

namespace tagger_program {
namespace {

namespace fs = std::filesystem;
using tagger::OptionSet;

struct PrepareOptions {
  fs::path annotations, train, validation;
  std::optional<fs::path> test, groups;
  std::size_t labels = 27, samples = 6000, train_parts = 5, validation_parts = 1, test_parts = 1;
  std::optional<std::uint64_t> shuffle;
  std::optional<std::size_t> folds;
  tagger::AnySplitter split = tagger::FirstSplit{};
  bool group_by_folder = false;

  void describe(OptionSet& set) {
    set.option("annotations", annotations, "ALL.json", "pictures and their labels").required();
    set.option("train", train, "A.json", "written: the larger part, to train on").required();
    set.option("validation", validation, "B.json", "written: the smaller part, to score on").required();
    set.option("test", test, "C.json", "written: a third part, to score on in the end");
    set.option("labels", labels, "K", "keep the K most frequent labels, and pictures that have one of them")
        .at_least(1);
    set.option("samples", samples, "N", "then the first N pictures").at_least(2);
    set.option("shuffle", shuffle, "SEED", "put the pictures into a random order first");
    set.section("Split");
    set.option("split", split, "NAME", "who goes where, for example stratified:order=2:seed=7")
        .listing(tagger::policy_names<tagger::Splitters>());
    set.option("train-parts", train_parts, "N", "of the split").at_least(1);
    set.option("validation-parts", validation_parts, "N", "of the split").at_least(1);
    set.option("test-parts", test_parts, "N", "of the split, where --test is given").at_least(1);
    set.option("folds", folds, "K",
               "K pairs of files in place of one, each picture in one of the B.json; A.json and B.json have a {} where "
               "the number goes, from 1")
        .at_least(2);
    set.flag("group-by-folder", group_by_folder, "pictures of one folder stay together");
    set.option("groups", groups, "G.csv", "pictures of one group stay together: image_name,group");
    set.file("ALL.json, A.json, B.json, C.json", annotations_shape);
  }
};

tagger::Groups groups_of(const PrepareOptions& options, const tagger::Annotations& annotations) {
  if (options.groups && options.group_by_folder) {
    throw tagger::OptionError("--groups: pictures stay together by --group-by-folder already: choose one of the two");
  }
  if (options.groups) return tagger::read_groups(*options.groups, annotations);
  return options.group_by_folder ? tagger::groups_by_folder(annotations) : tagger::Groups(annotations.size());
}

/// `path` with the number of a fold for its {}. \throws OptionError where it has none
fs::path of_fold(std::string_view option, const fs::path& path, std::size_t fold) {
  std::string name = path.string();
  const auto place = name.find("{}");
  if (place == std::string::npos) {
    throw tagger::OptionError(std::string(option) + ": " + name +
                              ": with --folds it needs a {} where the number of the fold goes");
  }
  return name.replace(place, 2, std::to_string(fold));
}

int prepare(const PrepareOptions& options) {
  if (options.folds && options.test) throw tagger::OptionError("--test: --folds makes no third part");
  auto all = tagger::read_annotations(options.annotations);
  if (options.shuffle) all = tagger::shuffle_samples(all, *options.shuffle);
  const auto kept = tagger::first_samples(tagger::most_frequent_labels(all, options.labels), options.samples);
  std::vector<double> shares{static_cast<double>(options.train_parts), static_cast<double>(options.validation_parts)};
  std::vector<std::string> names{"train", "validation"};
  if (options.test) {
    shares.push_back(static_cast<double>(options.test_parts));
    names.emplace_back("test");
  }
  if (options.folds) {
    shares.assign(*options.folds, 1);
    names.clear();
    for (std::size_t fold = 1; fold <= *options.folds; ++fold) names.push_back("fold " + std::to_string(fold));
  }
  const auto parts = parts_of(kept, options.split, shares, groups_of(options, kept));
  const auto write = [&](const fs::path& path, auto&& holds) {
    const auto chosen = select_samples(kept, [&](std::size_t i) { return holds(parts[i]); });
    tagger::write_annotations(path, chosen);
    std::cout << path.string() << ": " << chosen.size() << " pictures\n";
  };
  const std::vector<fs::path> files{options.train, options.validation, options.test.value_or(fs::path())};
  for (std::size_t part = 0; part < shares.size(); ++part) {
    if (options.folds) {
      const auto train = of_fold("--train", options.train, part + 1);
      const auto validation = of_fold("--validation", options.validation, part + 1);
      write(train, [part](std::size_t other) { return other != part; });
      write(validation, [part](std::size_t other) { return other == part; });
    } else {
      write(files[part], [part](std::size_t other) { return other == part; });
    }
  }
  std::cout << tagger::bar_chart(tagger::label_distribution(kept)) << '\n'
            << split_table(split_quality(kept, parts, shares), names);
  return 0;
}

}  // namespace

tagger::Command prepare_command() {
  return tagger::command<PrepareOptions>("prepare", "Cut annotations to the frequent labels and split them.", prepare);
}

}  // namespace tagger_program
