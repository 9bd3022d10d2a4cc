#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <string>
#include <utility>
#include <vector>

#include <tagger/data/check_annotations.hpp>
#include <tagger/data/label.hpp>
#include <tagger/data/sample.hpp>
#include <tagger/error.hpp>

namespace tagger {

/// Pictures with what is known of their labels, and the list of labels, whose order is that of every matrix's columns.
/// Immutable and always valid: there is at least one label and one sample, no label is listed twice, no picture is,
/// every image name is a relative path that stays within its folder.
class Annotations {
 public:
  /// Takes `samples` with their indices in any order, repeated or not.
  /// \param source  the file they come from, for messages; empty where there is none
  /// \throws DataError at the first thing that is not valid, naming it as `samples[3].image_name`
  Annotations(std::vector<std::string> labels, std::vector<Sample> samples, std::filesystem::path source = {})
      : labels_(std::move(labels)), samples_(std::move(samples)), source_(std::move(source)) {
    const auto fail = [this](const Problem& problem) { throw DataError(source_, problem.place, problem.what); };
    detail::check_labels(labels_, {}, fail);
    for (Sample& sample : samples_) {
      for (auto* list : {&sample.yes, &sample.unknown, &sample.no}) detail::sort_unique(*list);
    }
    detail::check_samples(labels_, samples_, {}, fail);
    for (Sample& sample : samples_) (sample.rest == Label::no ? sample.no : sample.unknown).clear();
  }

  const std::vector<std::string>& labels() const { return labels_; }
  const std::vector<Sample>& samples() const { return samples_; }
  std::size_t size() const { return samples_.size(); }
  const std::filesystem::path& source() const { return source_; }

  /// What is known of label `label` of picture `sample`, both by index.
  Label label(std::size_t sample, std::size_t label) const {
    return samples_[sample].label(static_cast<std::int32_t>(label));
  }

  /// (N, K): 1 yes, 0 no, -1 unknown.
  LabelMatrix targets() const {
    LabelMatrix targets(static_cast<Eigen::Index>(size()), std::ssize(labels_));
    for (std::size_t row = 0; row < size(); ++row) {
      samples_[row].targets({targets.row(static_cast<Eigen::Index>(row)).data(), labels_.size()});
    }
    return targets;
  }

 private:
  std::vector<std::string> labels_;
  std::vector<Sample> samples_;
  std::filesystem::path source_;
};

}  // namespace tagger
