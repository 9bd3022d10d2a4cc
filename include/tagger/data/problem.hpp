#pragma once

#include <functional>
#include <string>

namespace tagger {

/// Something wrong in a data file: `place` is a JSON path (`samples[3].image_labels[0]`) or a position in the text,
/// `what` says what is wrong there.
struct Problem {
  std::string place;
  std::string what;

  bool operator==(const Problem&) const = default;
};

/// Told of each problem as it is met. One that throws stops at the first; one that collects sees them all.
using ProblemSink = std::function<void(const Problem&)>;

}  // namespace tagger
