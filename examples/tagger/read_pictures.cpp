#include "tagger/read_pictures.hpp"

#include <iostream>
#include <utility>

#include <tagger/data/distribution.hpp>
#include <tagger/data/match_labels.hpp>
#include <tagger/data/read_annotations.hpp>
#include <tagger/report/bar_chart.hpp>

namespace tagger_program {

tagger::Annotations read_pictures(const std::filesystem::path& annotations, const std::vector<std::string>& labels) {
  return tagger::match_labels(tagger::read_annotations(annotations), labels);
}

TrainingPictures read_training_pictures(const std::filesystem::path& training,
                                        const std::filesystem::path& validation) {
  auto first = tagger::read_annotations(training);
  auto second = read_pictures(validation, first.labels());
  std::cout << first.size() << " training pictures, " << second.size() << " validation pictures, "
            << first.labels().size() << " labels\n"
            << tagger::bar_chart(tagger::label_distribution(first)) << std::flush;
  return {std::move(first), std::move(second)};
}

}  // namespace tagger_program
