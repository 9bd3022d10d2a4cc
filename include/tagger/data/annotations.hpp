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
      detail::sort_unique(sample.yes);
      detail::sort_unique(sample.unknown);
    }
    detail::check_samples(labels_, samples_, {}, fail);
  }

  const std::vector<std::string>& labels() const { return labels_; }
  const std::vector<Sample>& samples() const { return samples_; }
  std::size_t size() const { return samples_.size(); }
  const std::filesystem::path& source() const { return source_; }

  /// (N, K): 1 yes, 0 no, -1 unknown.
  LabelMatrix targets() const {
    LabelMatrix targets = LabelMatrix::Zero(static_cast<Eigen::Index>(size()), std::ssize(labels_));
    for (Eigen::Index row = 0; row < targets.rows(); ++row) {
      const Sample& sample = samples_[static_cast<std::size_t>(row)];
      for (const std::int32_t label : sample.yes) targets(row, label) = static_cast<std::int8_t>(Label::yes);
      for (const std::int32_t label : sample.unknown) targets(row, label) = static_cast<std::int8_t>(Label::unknown);
    }
    return targets;
  }

 private:
  std::vector<std::string> labels_;
  std::vector<Sample> samples_;
  std::filesystem::path source_;
};

}  // namespace tagger
