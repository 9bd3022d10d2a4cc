#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <tagger/calibration/concept.hpp>
#include <tagger/threshold/known_scores.hpp>
#include <tagger/threshold/validation_scores.hpp>

namespace tagger {

/// A map for each label, fitted in the same way. A label of which there is not both a known yes and a known no gets the
/// map that is fitted to all labels together; where there is not both of anything, scores stay as they are (margins:
/// their sigmoid). A note says so.
/// \param method  the calibrator in words
/// \param fit     KnownScores, of both yes and no, to a Map, which without a fit keeps scores as they are
template <class Map, class Fit>
CalibrationFit maps_by_label(const ValidationScores& validation, std::string method, const Fit& fit) {
  std::vector<Map> maps;
  std::vector<ChoiceNote> notes;
  std::optional<Map> common;
  const char* origin = "it gets the map of all labels together";
  for_each_label(validation, [&](std::size_t label, KnownScores& known) {
    if (known.both()) {
      maps.push_back(fit(known));
      return;
    }
    if (!common) {
      KnownScores all = all_labels(validation);
      if (!all.both()) origin = "its scores stay as they are";
      common = all.both() ? fit(all) : Map{};
    }
    const char* why = !known.no.empty()    ? "no picture has it: "
                      : !known.yes.empty() ? "every picture has it: "
                                           : "nothing is known of it: ";
    maps.push_back(*common);
    notes.push_back({label, std::string(why) + origin});
  });
  return {.calibration = {.method = std::move(method), .input = validation.kind(), .maps = std::move(maps)},
          .notes = std::move(notes)};
}

}  // namespace tagger
