#include <algorithm>
#include <cstddef>
#include <filesystem>
#include <iostream>
#include <string>
#include <vector>

#include <tagger/cli/command.hpp>
#include <tagger/data/inspect.hpp>
#include <tagger/report/bar_chart.hpp>

#include "tagger/commands.hpp"
#include "tagger/file_shapes.hpp"

namespace tagger_program {
namespace {

namespace fs = std::filesystem;
using tagger::OptionSet;

struct InspectOptions {
  fs::path annotations, images;

  void describe(OptionSet& set) {
    set.option("annotations", annotations, "A.json", "pictures and their labels").required();
    set.option("images", images, "DIR", "the folder that the pictures lie in").required();
    set.file("A.json", annotations_shape);
    set.file("DIR/a.jpg", pictures_help);
  }
};

void list(const std::string& title, const std::vector<std::string>& names) {
  constexpr std::size_t shown = 10;
  if (names.empty()) return;
  std::cout << names.size() << ' ' << title << ":\n";
  for (std::size_t i = 0; i < std::min(shown, names.size()); ++i) std::cout << "  " << names[i] << '\n';
  if (names.size() > shown) std::cout << "  ... and " << names.size() - shown << " more\n";
}

int inspect(const InspectOptions& options) {
  const auto found = tagger::inspect_annotations(options.annotations, options.images);
  std::cout << found.samples << " pictures, " << found.distribution.size() << " labels"
            << (found.problems.empty() ? "; " + found.tally.text(found.samples) : "") << '\n'
            << tagger::bar_chart(found.distribution);
  std::vector<std::string> problems;
  for (const auto& problem : found.problems) problems.push_back(problem.place + ": " + problem.what);
  list("problems", problems);
  list("pictures are missing in " + options.images.string(), found.missing_pictures);
  list("labels that no picture has", found.unused_labels);
  list("pictures without a label", found.samples_without_labels);
  return found.usable() ? 0 : 1;
}

}  // namespace

tagger::Command inspect_command() {
  return tagger::command<InspectOptions>("inspect", "Look at annotations before training on them.", inspect);
}

}  // namespace tagger_program
