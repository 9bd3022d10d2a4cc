#pragma once

#include <cmath>
#include <filesystem>
#include <span>
#include <string>
#include <string_view>

#include <tagger/metrics/metric_difference.hpp>
#include <tagger/report/evaluation_table.hpp>
#include <tagger/report/json_value.hpp>
#include <tagger/report/table.hpp>

namespace tagger {

/// A row a metric: both numbers, their difference, its interval, and the p value.
/// \param first, second  what the taggers are called
inline Table comparison_table(std::span<const MetricDifference> differences, std::string_view first,
                              std::string_view second) {
  Table table({{"metric"},
               {std::string(first), Align::right},
               {std::string(second), Align::right},
               {"difference", Align::right},
               {"interval"},
               {"p", Align::right}});
  for (const auto& each : differences) {
    const std::string sign = each.difference() > 0 ? "+" : "";
    table.add({each.name, format_number(each.first), format_number(each.second),
               sign + format_number(each.difference()), detail::interval_text(each.interval),
               each.p_value ? format_number(*each.p_value) : ""});
  }
  return table;
}

/// Differences as JSON; numbers come back to the last bit, NaN is null.
///
///     {"micro/f1": {"first": 0.6, "second": 0.65, "difference": 0.05, "interval": [0.02, 0.08], "p_value": 0.001},
///     ...}
inline Json to_json(std::span<const MetricDifference> differences) {
  Json json = Json::object();
  for (const auto& each : differences) {
    Json& row = json[each.name] = {{"first", each.first}, {"second", each.second}, {"difference", each.difference()}};
    if (each.interval) row["interval"] = {each.interval->low, each.interval->high};
    if (each.p_value) row["p_value"] = *each.p_value;
  }
  return json;
}

}  // namespace tagger
