#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include <tagger/data/annotations.hpp>
#include <tagger/error.hpp>

namespace tagger {

/// `annotations` with their labels in the order of `labels`, by name: the order that a trained tagger has.
/// \throws DataError, naming what differs, when the two are not the same set of labels
inline Annotations match_labels(const Annotations& annotations, const std::vector<std::string>& labels) {
  if (annotations.labels() == labels) return annotations;
  const auto missing_from = [](const auto& wanted, const auto& there, const char* complaint) {
    std::string text;
    int count = 0;
    for (const auto& name : wanted) {
      if (std::find(there.begin(), there.end(), name) != there.end()) continue;
      if (++count <= 5) text += (count == 1 ? "\"" : ", \"") + name + "\"";
    }
    if (count > 5) text += " and " + std::to_string(count - 5) + " more";
    return count == 0 ? std::string{} : std::string(complaint) + text;
  };
  std::string difference = missing_from(labels, annotations.labels(), "; the tagger has ");
  difference += missing_from(annotations.labels(), labels, "; the annotations have ");
  if (!difference.empty() || labels.size() != annotations.labels().size()) {
    throw DataError(annotations.source(), "labels",
                    "the " + std::to_string(annotations.labels().size()) + " labels are not the " +
                        std::to_string(labels.size()) + " of the tagger" + difference);
  }
  std::unordered_map<std::string, std::int32_t> place;
  for (std::size_t i = 0; i < labels.size(); ++i) place.emplace(labels[i], static_cast<std::int32_t>(i));
  std::vector<Sample> samples = annotations.samples();
  for (Sample& sample : samples) {
    for (auto* list : {&sample.yes, &sample.unknown, &sample.no}) {
      for (auto& label : *list) label = place.at(annotations.labels()[static_cast<std::size_t>(label)]);
    }
  }
  return {labels, std::move(samples), annotations.source()};
}

}  // namespace tagger
