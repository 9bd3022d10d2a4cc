#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <functional>
#include <utility>
#include <variant>
#include <vector>

#include <tagger/calibration/calibration.hpp>
#include <tagger/configurable.hpp>
#include <tagger/enum_named.hpp>
#include <tagger/error.hpp>
#include <tagger/report/json_value.hpp>

namespace tagger {

/// A calibration as JSON; a number or a list of points for each label.
///
///     {"method": "platt", "input": "probability", "scale": [0.8, 1.1], "shift": [-0.2, 0]}
///     {"method": "isotonic", "input": "probability", "scores": [[0.1, 0.7], []], "probabilities": [[0, 1], []]}
inline Json to_json(const Calibration& calibration) {
  Json json{{"method", calibration.method}, {"input", detail::field_text(calibration.input)}};
  if (const auto* logistic = std::get_if<std::vector<LogisticMap>>(&calibration.maps)) {
    Json scale = Json::array(), shift = Json::array();
    for (const auto& map : *logistic) {
      scale.push_back(map.scale);
      shift.push_back(map.shift);
    }
    json["scale"] = std::move(scale);
    json["shift"] = std::move(shift);
  } else {
    Json scores = Json::array(), probabilities = Json::array();
    for (const auto& map : std::get<std::vector<PiecewiseMap>>(calibration.maps)) {
      Json& points = scores.emplace_back(Json::array());
      for (const float score : map.scores) points.push_back(short_decimal(score));
      probabilities.push_back(map.probabilities);
    }
    json["scores"] = std::move(scores);
    json["probabilities"] = std::move(probabilities);
  }
  return json;
}

namespace detail {

/// A list with an element for each label.
inline std::vector<JsonValue> by_label_json(const JsonValue& list, std::size_t labels) {
  auto elements = list.elements();
  if (elements.size() != labels) list.fail("has not an element for each label");
  return elements;
}

inline double finite_json(const JsonValue& value) {
  const double number = value.number();
  if (!std::isfinite(number)) value.fail("is no finite number");
  return number;
}

}  // namespace detail

/// Reads what to_json() has written. \throws DataError that names the place
inline Calibration calibration_from_json(const JsonValue& json, std::size_t labels) {
  Calibration calibration{.method = json["method"].text()};
  const JsonValue input = json["input"];
  try {
    calibration.input = enum_named<ScoreKind>("kind of scores", input.text(), enum_names<ScoreKind>);
  } catch (const OptionError& error) {
    input.fail(error.what());
  }
  if (json.find("scale")) {
    const auto scale = detail::by_label_json(json["scale"], labels),
               shift = detail::by_label_json(json["shift"], labels);
    std::vector<LogisticMap> maps;
    for (std::size_t k = 0; k < labels; ++k) {
      maps.push_back({.scale = detail::finite_json(scale[k]), .shift = detail::finite_json(shift[k])});
    }
    calibration.maps = std::move(maps);
    return calibration;
  }
  const auto scores = detail::by_label_json(json["scores"], labels);
  const auto probabilities = detail::by_label_json(json["probabilities"], labels);
  std::vector<PiecewiseMap> maps(labels);
  for (std::size_t k = 0; k < labels; ++k) {
    PiecewiseMap& map = maps[k];
    for (const auto& each : scores[k].elements()) map.scores.push_back(static_cast<float>(detail::finite_json(each)));
    for (const auto& each : probabilities[k].elements()) map.probabilities.push_back(detail::finite_json(each));
    if (map.scores.size() != map.probabilities.size()) probabilities[k].fail("has not a number for each score");
    if (std::ranges::adjacent_find(map.scores, std::greater_equal{}) != map.scores.end()) scores[k].fail("must ascend");
    if (!std::ranges::is_sorted(map.probabilities) ||
        (!map.probabilities.empty() && !(map.probabilities.front() >= 0 && map.probabilities.back() <= 1))) {
      probabilities[k].fail("must be probabilities that never fall");
    }
  }
  calibration.maps = std::move(maps);
  return calibration;
}

}  // namespace tagger
