#pragma once

#include <cstdint>
#include <string>

#include <tagger/data/annotations.hpp>
#include <tagger/error.hpp>
#include <tagger/run/run_config.hpp>
#include <tagger/threshold/chosen_on.hpp>

namespace tagger {

/// How many of the pictures that the run's thresholds and calibration were chosen on are among `annotations`, see
/// shared_pictures(). Scores on these are better than on others: they are no measure of the tagger.
/// \param allowed  the person who asks knows it, and is told
/// \throws OptionError when there are any and it is not allowed
inline std::int64_t check_in_sample(const RunConfig& config, const Annotations& annotations, bool allowed) {
  if (!config.chosen_on) return 0;
  const std::int64_t shared = shared_pictures(*config.chosen_on, annotations);
  if (shared == 0 || allowed) return shared;
  throw OptionError("thresholds (" + config.rule + ") were chosen on " + std::to_string(config.chosen_on->pictures) +
                    " pictures of " + config.chosen_on->annotations + ", of which about " + std::to_string(shared) +
                    " are among these " + std::to_string(annotations.size()) +
                    ": scores on them say more than they should; score others, or say --in-sample");
}

}  // namespace tagger
