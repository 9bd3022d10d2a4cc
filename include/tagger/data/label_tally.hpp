#pragma once

#include <cstddef>
#include <cstdint>
#include <numeric>
#include <span>
#include <string>
#include <vector>

#include <tagger/data/annotations.hpp>
#include <tagger/data/label.hpp>
#include <tagger/data/sample.hpp>

namespace tagger {

/// For how many pictures each of K labels is a yes, and for how many a no; for the others it is unknown. (K) each.
struct LabelTally {
  std::vector<std::int64_t> yes;
  std::vector<std::int64_t> no;

  /// For how many pictures it is known whether they have the label.
  std::int64_t known(std::size_t label) const { return yes[label] + no[label]; }

  /// "3 yes, 5 no, 1 unknown": of all labels of so many pictures.
  std::string text(std::size_t pictures) const {
    const auto sum = [](const auto& counts) { return std::accumulate(counts.begin(), counts.end(), std::int64_t{0}); };
    const std::int64_t all = static_cast<std::int64_t>(pictures * yes.size()), yeses = sum(yes), noes = sum(no);
    return std::to_string(yeses) + " yes, " + std::to_string(noes) + " no, " + std::to_string(all - yeses - noes) +
           " unknown";
  }
};

/// Takes as long as what is listed, not as N x K.
inline LabelTally label_tally(std::span<const Sample> samples, std::size_t labels) {
  std::int64_t rest_no = 0;
  for (const Sample& sample : samples) rest_no += sample.rest == Label::no;
  LabelTally tally{std::vector<std::int64_t>(labels), std::vector<std::int64_t>(labels, rest_no)};
  for (const Sample& sample : samples) {
    const std::int64_t listed = sample.rest == Label::no;  // of a label that is listed the rest's no is taken back
    for (const std::int32_t label : sample.yes) {
      ++tally.yes[static_cast<std::size_t>(label)];
      tally.no[static_cast<std::size_t>(label)] -= listed;
    }
    for (const std::int32_t label : sample.unknown) tally.no[static_cast<std::size_t>(label)] -= listed;
    for (const std::int32_t label : sample.no) tally.no[static_cast<std::size_t>(label)] += 1 - listed;
  }
  return tally;
}

inline LabelTally label_tally(const Annotations& annotations) {
  return label_tally(annotations.samples(), annotations.labels().size());
}

}  // namespace tagger
