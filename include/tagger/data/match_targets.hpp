#pragma once

#include <cstddef>
#include <filesystem>
#include <iterator>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include <tagger/data/check_annotations.hpp>
#include <tagger/data/score_table.hpp>
#include <tagger/error.hpp>

namespace tagger {

namespace detail {

/// For each of `wanted` its place in `there`. \throws DataError, naming the first few that only one side has
inline std::vector<Eigen::Index> places(const std::vector<std::string>& wanted, const std::filesystem::path& wanting,
                                        const std::vector<std::string>& there, const std::filesystem::path& having,
                                        std::string_view kind) {
  std::unordered_map<std::string_view, Eigen::Index> place;
  for (const std::string& name : there) place.emplace(name, std::ssize(place));
  std::vector<Eigen::Index> result;
  std::vector<std::string_view> missing;
  for (const std::string& name : wanted) {
    if (const auto found = place.extract(name)) {
      result.push_back(found.mapped());
    } else {
      missing.push_back(name);
    }
  }
  const auto complain = [kind](const auto& here, const auto& names, const auto& other) {
    std::string what = "has no ";
    what.append(kind).append(" ").append(in_quotes(names.front()));
    if (names.size() > 1) what += " and " + std::to_string(names.size() - 1) + " more";
    throw DataError(here, "", what.append(", which ").append(other.string()).append(" has"));
  };
  if (!missing.empty()) complain(having, missing, wanting);
  if (!place.empty()) {
    std::vector<std::string_view> extra;
    for (const std::string& name : there) {
      if (place.contains(name)) extra.push_back(name);
    }
    complain(wanting, extra, having);
  }
  return result;
}

}  // namespace detail

/// `targets` with its rows and columns in the order of `scores`: columns go by their labels' names; rows by the names
/// of the pictures where both tables have them, else by their order.
/// \throws DataError when one has a label or a picture that the other has not, or their numbers of rows differ
inline TargetTable match_targets(const TargetTable& targets, const ScoreTable& scores) {
  const auto columns = detail::places(scores.labels, scores.source, targets.labels, targets.source, "label");
  TargetTable matched{scores.images, scores.labels, {}, targets.source};
  if (!scores.images.empty() && !targets.images.empty()) {
    const auto rows = detail::places(scores.images, scores.source, targets.images, targets.source, "picture");
    matched.values = targets.values(rows, columns);
    return matched;
  }
  if (targets.values.rows() != scores.values.rows()) {
    throw DataError(targets.source, "",
                    "has " + std::to_string(targets.values.rows()) + " pictures, " + scores.source.string() + " has " +
                        std::to_string(scores.values.rows()) +
                        "; give both files a first column image_name to match them by name");
  }
  if (matched.images.empty()) matched.images = targets.images;
  matched.values.resize(targets.values.rows(), std::ssize(columns));
  for (Eigen::Index i = 0; i < std::ssize(columns); ++i) {
    matched.values.col(i) = targets.values.col(columns[static_cast<std::size_t>(i)]);
  }
  return matched;
}

}  // namespace tagger
