#pragma once

#include <ostream>

#include <tagger/metrics/evaluation.hpp>
#include <tagger/report/evaluation_table.hpp>

namespace tagger_program {

/// Labels, numbers, and last what one looks at first.
/// \param prior  see averages_table()
inline void print_evaluation(std::ostream& out, const tagger::Evaluation& evaluation,
                             const tagger::NamedNumbers& prior = {}) {
  out << labels_table(evaluation) << '\n' << numbers_table(evaluation) << '\n' << averages_table(evaluation, prior);
  if (!evaluation.intervals.empty()) {
    const auto definition = [&](const char* name) {
      return tagger::detail::find_named(evaluation.definitions, name).value_or("");
    };
    out << "\nIntervals hold the true number in " << definition("confidence")
        << " of all cases: " << definition("resamples") << " bootstrap resamples of the pictures.\n";
  }
  out << std::flush;
}

}  // namespace tagger_program
