#pragma once

#include <string>
#include <utility>
#include <vector>

#include <tagger/averaging/macro.hpp>
#include <tagger/averaging/micro.hpp>
#include <tagger/averaging/samples.hpp>
#include <tagger/averaging/weighted.hpp>
#include <tagger/data/annotations.hpp>
#include <tagger/metrics/evaluate.hpp>
#include <tagger/metrics/prior.hpp>

namespace tagger_program {

/// The metrics of the same answer for every picture: the floor that a tagger must be above.
inline std::vector<std::pair<std::string, double>> guessing(const tagger::Annotations& train,
                                                            const tagger::Annotations& test) {
  const auto confusion = tagger::prior_confusion(tagger::label_frequencies(train.targets()), test.targets());
  return tagger::evaluate<tagger::Micro, tagger::Macro, tagger::Weighted, tagger::Samples>(confusion, test.labels())
      .metrics;
}

}  // namespace tagger_program
