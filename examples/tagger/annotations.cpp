#include "tagger/annotations.hpp"

#include <iostream>
#include <utility>

#include <tagger/data/distribution.hpp>
#include <tagger/data/match_labels.hpp>
#include <tagger/data/read_annotations.hpp>
#include <tagger/report/bar_chart.hpp>

namespace tagger_program {

tagger::Annotations annotations_of(const std::vector<std::string>& labels, const std::filesystem::path& path) {
  return tagger::match_labels(tagger::read_annotations(path), labels);
}

TrainingAnnotations training_annotations(const std::filesystem::path& training,
                                         const std::filesystem::path& validation) {
  auto first = tagger::read_annotations(training);
  auto second = annotations_of(first.labels(), validation);
  std::cout << first.size() << " training pictures, " << second.size() << " validation pictures, "
            << first.labels().size() << " labels\n"
            << tagger::bar_chart(tagger::label_distribution(first)) << std::flush;
  return {std::move(first), std::move(second)};
}

}  // namespace tagger_program
