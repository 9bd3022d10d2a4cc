#pragma once

#include <filesystem>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <tagger/file.hpp>
#include <tagger/metrics/evaluation.hpp>
#include <tagger/report/distribution_chart.hpp>
#include <tagger/report/document.hpp>
#include <tagger/report/evaluation_section.hpp>
#include <tagger/report/gallery.hpp>
#include <tagger/report/history.hpp>
#include <tagger/report/html.hpp>
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
};

namespace detail {

inline std::string of_count(std::size_t count, std::string_view one, std::string_view many) {
  return group_digits(count) + " " + std::string(count == 1 ? one : many);
}

inline std::string gallery_lead(const Page& page) {
  std::size_t flawless = 0;
  for (const auto& item : page.gallery) flawless += item.wrong.empty() && item.missed.empty() ? 1 : 0;
  return group_digits(flawless) + " of these " + of_count(page.gallery.size(), "picture has", "pictures have") +
         " every label right and none too many. A number is the label's score; a label is predicted where its score is "
         "above " +
         short_number(page.evaluation.threshold) + ".";
}

inline Sections page_sections(const Page& page) {
  Sections sections;
  if (!page.evaluation.metrics.empty()) {
    const auto pictures = static_cast<std::size_t>(page.evaluation.samples);
    sections.add("summary", "Summary",
                 "On " + of_count(pictures, "test picture", "test pictures") +
                     ", a label predicted where its score is above " + short_number(page.evaluation.threshold) + ".",
                 metric_cards(page.evaluation));
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
  if (!page.gallery.empty()) {
    sections.add("predictions", "Predictions", gallery_lead(page), render(std::span<const GalleryItem>(page.gallery)));
  }
  if (!page.evaluation.labels.empty()) {
    sections.add("labels", "Labels", "Support is the number of test pictures that have the label.",
                 label_table(page.evaluation));
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
