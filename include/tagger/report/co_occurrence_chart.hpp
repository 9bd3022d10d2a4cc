#pragma once

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <tuple>
#include <vector>

#include <tagger/report/co_occurrence.hpp>
#include <tagger/report/html.hpp>
#include <tagger/report/json_value.hpp>
#include <tagger/report/sortable_table.hpp>

namespace tagger {
namespace detail {

/// A square for each pair of labels, darker for a larger share: one path for each of a few shades.
class HeatMap {
 public:
  static constexpr int cell = 16, name_width = 150;
  static constexpr Eigen::Index most_named = 40;  ///< with more rows than these, names beside them cannot be read
  static constexpr int shades = 6;

  HeatMap(std::span<const std::string> names, const CoOccurrence::Pairs& both, const CoOccurrence::Pairs& either)
      : size_(both.rows()), left_(size_ <= most_named ? name_width : 0) {
    std::array<std::string, shades + 1> paths;
    for (Eigen::Index row = 0; row < size_; ++row) {
      Eigen::Index begin = 0;  // of neighbours of one shade, which are one rectangle
      for (Eigen::Index column = 1; column <= size_; ++column) {
        const int shade = shade_of(both, either, row, begin);
        if (column < size_ && shade_of(both, either, row, column) == shade) continue;
        const auto width = (column - begin) * cell;
        if (shade >= 0) {
          paths[static_cast<std::size_t>(shade)] +=
              html("M{} {}h{}v{}h-{}z", left_ + begin * cell, row * cell, width, cell, width).markup;
        }
        begin = column;
      }
      if (left_ == 0) continue;
      drawing_ += html(R"(<text x="{}" y="{}" class="y">{}</text>)", left_ - 6, row * cell + 12,
                       fit_width(names[static_cast<std::size_t>(row)], 20));
    }
    for (std::size_t shade = 0; shade < paths.size(); ++shade) {
      if (!paths[shade].empty()) drawing_ += html(R"(<path class="h{}" d="{}"/>)", shade, paths[shade]);
    }
  }

  Html figure(std::string_view title, std::string_view description) const {
    const auto side = size_ * cell;
    return html(
        R"(<figure class="chart"><figcaption><h3>{}</h3></figcaption><svg class="matrix" viewBox="0 0 {} {}" role="img" )"
        R"(aria-label="{}" data-left="{}" data-cell="{}"><rect class="ground" x="{}" width="{}" height="{}"/>{}</svg></figure>)",
        title, left_ + side, side, description, left_, cell, left_, side, side, drawing_);
  }

 private:
  /// 1 to `shades`; 0 on the diagonal; -1 where nothing is to be drawn.
  static int shade_of(const CoOccurrence::Pairs& both, const CoOccurrence::Pairs& either, Eigen::Index row,
                      Eigen::Index column) {
    if (row == column) return 0;
    const double share = CoOccurrence::share(both, either, row, column);
    return share > 0 ? static_cast<int>(std::ceil(std::sqrt(share) * shades - 1e-9)) : -1;
  }

  Eigen::Index size_;
  int left_;
  Html drawing_;
};

/// The entries on and below the diagonal, row by row.
inline Json lower_triangle(const CoOccurrence::Pairs& pairs) {
  Json list = Json::array();
  for (Eigen::Index row = 0; row < pairs.rows(); ++row) {
    for (Eigen::Index column = 0; column <= row; ++column) {
      list.push_back(static_cast<std::int64_t>(pairs(row, column)));
    }
  }
  return list;
}

/// The pairs that are predicted together far more or far less often than they are annotated, by how unlikely such a
/// difference of two counts is: (p - a)^2 / (p + a).
inline Html differing_pairs(std::span<const std::string> names, const CoOccurrence& pairs, std::size_t most) {
  std::vector<std::tuple<double, Eigen::Index, Eigen::Index>> order;
  for (Eigen::Index a = 1; a < pairs.annotated_both.rows(); ++a) {
    for (Eigen::Index b = 0; b < a; ++b) {
      const double annotated = pairs.annotated_both(a, b), predicted = pairs.predicted_both(a, b);
      if (annotated == predicted) continue;
      order.emplace_back(-(predicted - annotated) * (predicted - annotated) / (predicted + annotated), b, a);
    }
  }
  std::sort(order.begin(), order.end());
  order.resize(std::min(order.size(), most));
  Html rows;
  for (const auto& [weight, a, b] : order) {
    const auto annotated = static_cast<std::int64_t>(pairs.annotated_both(a, b));
    const auto predicted = static_cast<std::int64_t>(pairs.predicted_both(a, b));
    rows += html(R"(<tr><th scope="row">{} and {}</th>{}{}<td data-v="{}">{}{}</td></tr>)",
                 names[static_cast<std::size_t>(a)], names[static_cast<std::size_t>(b)], count_cell(annotated),
                 count_cell(predicted), predicted - annotated, predicted > annotated ? "+" : "",
                 group_digits(predicted - annotated));
  }
  if (order.empty()) return {};
  return sortable_table("Pairs of labels that are predicted together more or less often than annotated",
                        {"Pair", "Annotated together", "Predicted together", "Difference"}, rows);
}

}  // namespace detail

/// Two matrices, by the annotations and by the predictions, and the pairs in which they differ most.
/// \param labels  the names of all K labels
inline Html co_occurrence_chart(const CoOccurrence& pairs, std::span<const std::string> labels) {
  std::vector<std::string> names;
  for (const auto label : pairs.labels) names.push_back(labels[label]);
  const detail::HeatMap annotated(names, pairs.annotated_both, pairs.annotated_either);
  const detail::HeatMap predicted(names, pairs.predicted_both, pairs.predicted_either);
  const Json data{{"labels", names},
                  {"annotated",
                   {{"both", detail::lower_triangle(pairs.annotated_both)},
                    {"either", detail::lower_triangle(pairs.annotated_either)}}},
                  {"predicted",
                   {{"both", detail::lower_triangle(pairs.predicted_both)},
                    {"either", detail::lower_triangle(pairs.predicted_either)}}}};
  return html(
      R"(<div class="charts matrices" data-pairs="{}">{}{}</div><p class="readout" role="status" hidden="hidden"></p>{})",
      dump_json(data), annotated.figure("Annotated", "How often two labels are annotated on the same picture"),
      predicted.figure("Predicted", "How often two labels are predicted for the same picture"),
      detail::differing_pairs(names, pairs, 10));
}

}  // namespace tagger
