#pragma once

#include <algorithm>
#include <cmath>
#include <string>
#include <utility>
#include <vector>

#include <tagger/report/document.hpp>
#include <tagger/report/evaluation_section.hpp>
#include <tagger/report/html.hpp>
#include <tagger/report/sortable_table.hpp>
#include <tagger/report/table.hpp>

#include "comparison.hpp"
#include "comparison_table.hpp"

namespace detail {

using tagger::Html;
using tagger::html;

/// A cell that sorts by the mean; a score has a bar.
inline Html spread_cell(const Spread& over_seeds, int digits, bool bar) {
  if (std::isnan(over_seeds.mean)) return html(R"(<td data-v="">-</td>)");
  const std::string text = to_text(over_seeds, digits);
  if (!bar) return html(R"(<td data-v="{}">{}</td>)", over_seeds.mean, text);
  return html(R"(<td class="share" data-v="{}"><span style="--v:{}">{}</span></td>)", over_seeds.mean, over_seeds.mean,
              text);
}

/// A row a configuration that has any result.
inline Html spread_table(std::string_view caption, const std::vector<Configuration>& configurations,
                         const std::vector<Quantity>& quantities, bool bars) {
  std::vector<std::string> titles{"Configuration", "Seeds"};
  for (const auto& quantity : quantities) titles.push_back(quantity.title);
  Html rows;
  for (const auto& configuration : configurations) {
    if (finished(configuration) == 0) continue;
    Html cells;
    for (const auto& quantity : quantities) {
      cells += spread_cell(spread(configuration, quantity.value), quantity.digits, bars);
    }
    rows += html(R"(<tr><th scope="row">{}</th><td data-v="{}">{}</td>{}</tr>)", configuration.title,
                 finished(configuration), seeds_text(configuration), cells);
  }
  return tagger::sortable_table(caption, titles, rows);
}

/// A row a run, with a link to its page.
inline Html run_table(const std::vector<Configuration>& configurations, const std::vector<Quantity>& quantities) {
  std::vector<std::string> titles{"Run", "Seed"};
  for (const auto& quantity : quantities) titles.push_back(quantity.title);
  Html rows;
  for (const auto& configuration : configurations) {
    for (const auto& trial : configuration.trials) {
      if (!trial.result) continue;
      Html cells;
      for (const auto& quantity : quantities) {
        cells += spread_cell({.mean = quantity.value(*trial.result)}, quantity.digits, false);
      }
      rows += html(R"(<tr><th scope="row"><a href="{}/report.html">{}</a></th><td>{}</td>{}</tr>)",
                   trial.folder.filename().string(), configuration.title, trial.seed, cells);
    }
  }
  return tagger::sortable_table("Runs", titles, rows);
}

inline Html failure_table(const std::vector<Configuration>& configurations) {
  Html rows;
  for (const auto& configuration : configurations) {
    std::vector<std::pair<std::string, std::string>> reasons;  // and the seeds that failed for it
    for (const auto& trial : configuration.trials) {
      if (trial.failure.empty()) continue;
      auto found = std::ranges::find(reasons, trial.failure, &std::pair<std::string, std::string>::first);
      if (found == reasons.end()) found = reasons.insert(found, {trial.failure, ""});
      found->second += (found->second.empty() ? "" : ", ") + std::to_string(trial.seed);
    }
    for (const auto& [reason, seeds] : reasons) {
      rows += html(R"(<tr><th scope="row">{}</th><td>{}</td><td class="reason">{}</td></tr>)", configuration.title,
                   seeds, reason);
    }
  }
  return rows.markup.empty()
             ? rows
             : tagger::sortable_table("Configurations that failed", {"Configuration", "Seeds", "Reason"}, rows);
}

}  // namespace detail

/// The comparison as one HTML file beside the runs' folders, which it links to; else it needs nothing.
inline std::string render_comparison(const std::vector<Configuration>& configurations, const tagger::Facts& facts) {
  tagger::Sections sections;
  const auto found = scores(configurations);
  if (!found.empty()) {
    sections.add("scores", "Scores",
                 "F1 and mean average precision on the validation pictures, of the best epoch: mean and standard "
                 "deviation over seeds. A click on "
                 "a column's title sorts by it.",
                 detail::spread_table("Scores", configurations, found, true));
    sections.add(
        "costs", "Costs",
        "Images a second in training steps alone. Seconds from the start of a run's process to its page, those before "
        "a resumption included. The most memory that this process held, libraries and mapped files included. "
        "Features of a frozen backbone that are kept are computed before, in another process.",
        detail::spread_table("Costs", configurations, costs(), false));
  }
  if (const auto failures = detail::failure_table(configurations); !failures.markup.empty()) {
    sections.add("failures", "Not trained", "What could not be trained, and why.", failures);
  }
  if (!found.empty()) {
    sections.add("runs", "Runs", "Each has a page of its own.", detail::run_table(configurations, found));
  }
  return render_document("Configurations", facts, sections);
}
