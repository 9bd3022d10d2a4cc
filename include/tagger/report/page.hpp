#pragma once

#include <algorithm>
#include <cstddef>
#include <filesystem>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <tagger/file.hpp>
#include <tagger/metrics/evaluation.hpp>
#include <tagger/report/co_occurrence_chart.hpp>
#include <tagger/report/distribution_chart.hpp>
#include <tagger/report/document.hpp>
#include <tagger/report/evaluation_section.hpp>
#include <tagger/report/gallery.hpp>
#include <tagger/report/history.hpp>
#include <tagger/report/html.hpp>
#include <tagger/report/label_panel.hpp>
#include <tagger/report/score_details.hpp>
#include <tagger/report/svg_chart.hpp>
#include <tagger/report/training_curves.hpp>

namespace tagger {

/// What report.html shows of a run. What is empty is left out.
struct Page {
  std::string title;
  Facts facts;
  std::vector<LabelShare> distribution;  ///< most frequent first
  History history;
  Evaluation evaluation;
  std::vector<SamplePicture> samples;
  std::vector<GalleryItem> gallery;
  std::optional<ScoreDetails> details{};  ///< of the same labels as `evaluation`
};

namespace detail {

inline std::string of_count(std::size_t count, std::string_view one, std::string_view many) {
  return group_digits(count) + " " + std::string(count == 1 ? one : many);
}

/// What the evaluation says of how it was made under `name`; empty where it does not.
inline std::string definition(const Evaluation& evaluation, std::string_view name) {
  return find_named(evaluation.definitions, name).value_or("");
}

/// Where labels are predicted, as the end of a sentence.
inline std::string predicted_where(const Evaluation& evaluation) {
  const bool own = std::any_of(evaluation.labels.begin(), evaluation.labels.end(), [&](const LabelScore& label) {
    return label.threshold.value_or(evaluation.threshold) != evaluation.threshold;
  });
  const std::string decision = definition(evaluation, "decision");  // "score > 0.5, the best 3"
  const auto rest = decision.find(',');
  return "a label is predicted where its score is above " +
         (own ? std::string("its own threshold") : short_number(evaluation.threshold)) +
         (rest == decision.npos ? "" : decision.substr(rest)) + ".";
}

inline std::string summary_lead(const Evaluation& evaluation) {
  std::string lead = "On " + of_count(static_cast<std::size_t>(evaluation.samples), "test picture", "test pictures") +
                     ", " + predicted_where(evaluation);
  if (!evaluation.intervals.empty()) {
    const std::string confidence = definition(evaluation, "confidence");
    lead += " Small numbers are intervals";
    lead += confidence.empty() ? "." : ", which hold the true number with confidence " + confidence + ".";
  }
  if (evaluation.in_sample > 0) {
    lead += " Thresholds were chosen on about " + group_digits(evaluation.in_sample) +
            " of these pictures: the scores say more than they should.";
  }
  return lead;
}

/// Every metric, and the names of the definitions that they are made by, folded.
inline Html every_metric(const Evaluation& evaluation) {
  Html list;
  for (const auto& [name, value] : evaluation.definitions) {
    list += html("<div><dt>{}</dt><dd>{}</dd></div>", metric_title(name), value);
  }
  if (!evaluation.definitions.empty()) list = html(R"(<dl class="facts">{}</dl>)", list);
  return html("<details><summary>Every metric, and how it is defined</summary>{}{}</details>",
              metrics_table(evaluation), list);
}

inline std::string gallery_lead(const Page& page) {
  std::size_t flawless = 0;
  for (const auto& item : page.gallery) flawless += item.wrong.empty() && item.missed.empty() ? 1 : 0;
  return group_digits(flawless) + " of these " + of_count(page.gallery.size(), "picture has", "pictures have") +
         " every label right and none too many. A number is the label's score; " + predicted_where(page.evaluation);
}

inline Html labels_section(const Page& page) {
  const auto& labels = page.evaluation.labels;
  if (!page.details) return label_table(page.evaluation);
  const std::size_t panels = std::min({labels.size(), page.details->labels.size(), most_panels});
  Html content = label_table(page.evaluation, panels) + UnitPlot::axes();
  for (std::size_t i = 0; i < panels; ++i) {
    content += label_panel(i, labels[i], labels[i].threshold.value_or(page.evaluation.threshold), *page.details);
  }
  return content;
}

inline void add_details(Sections& sections, const ScoreDetails& details, const std::vector<LabelScore>& labels) {
  constexpr std::size_t shown = 24;
  if (!details.mistakes.empty()) {
    sections.add(
        "mistakes", "Likely annotation mistakes",
        "Where scores contradict the annotations most: labels predicted with high scores on pictures annotated "
        "no, and annotated labels with the lowest scores. Either may be wrong. A click on a picture shows "
        "all its labels.",
        render(std::span<const GalleryItem>(details.mistakes), "mistake", shown));
  }
  if (details.co_occurrence.labels.size() > 1) {
    std::vector<std::string> names;
    for (const auto& label : labels) names.push_back(label.name);
    sections.add(
        "pairs", "Labels together",
        "How often two labels are on one picture: the stronger the colour, the larger the share of the pictures "
        "with either. Rows and columns are the most frequent labels, in the same order; the diagonal is left out.",
        co_occurrence_chart(details.co_occurrence, names));
  }
}

inline Sections page_sections(const Page& page) {
  Sections sections;
  if (!page.evaluation.metrics.empty()) {
    sections.add("summary", "Summary", summary_lead(page.evaluation),
                 metric_cards(page.evaluation) + every_metric(page.evaluation));
  }
  if (!page.evaluation.labels.empty()) {
    sections.add("labels", "Labels",
                 std::string("Support is the number of test pictures that have the label. A click on a title sorts") +
                     (page.details ? ", one on a label opens its curves and mistakes." : "."),
                 labels_section(page));
  }
  if (page.details) add_details(sections, *page.details, page.evaluation.labels);
  if (!page.gallery.empty()) {
    sections.add("predictions", "Predictions", gallery_lead(page), render(std::span<const GalleryItem>(page.gallery)));
  }
  Html charts;
  if (!page.history.step_loss.empty()) charts += render(loss_chart(page.history));
  if (const auto f1 = f1_chart(page.history); !f1.curves.empty()) charts += render(f1);
  if (!charts.markup.empty()) {
    sections.add("training", "Training",
                 of_count(page.history.step_loss.size(), "step", "steps") + ", " +
                     of_count(page.history.epochs.size(), "epoch", "epochs") + ".",
                 html(R"(<div class="charts">{}</div>)", charts));
  }
  if (!page.distribution.empty()) {
    sections.add("distribution", "Label distribution", "Pictures that have a label, for training and for testing.",
                 distribution_chart(page.distribution));
  }
  if (!page.samples.empty()) {
    sections.add("samples", "Samples", "Some pictures and the labels that the annotations give them.",
                 render(std::span<const SamplePicture>(page.samples)));
  }
  return sections;
}

}  // namespace detail

/// `page` as one HTML file that needs nothing else: see render_document().
inline std::string render_page(const Page& page) {
  return render_document(page.title, page.facts, detail::page_sections(page));
}

/// Writes the page to `path`, whole or not at all. \throws FileError
inline void write_page(const std::filesystem::path& path, const Page& page) { write_file(path, render_page(page)); }

}  // namespace tagger
