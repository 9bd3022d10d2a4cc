#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include <tagger/configurable.hpp>
#include <tagger/data/label.hpp>
#include <tagger/error.hpp>
#include <tagger/import/builder.hpp>
#include <tagger/import/concept.hpp>
#include <tagger/import/lines.hpp>

namespace tagger {

enum class NusWidePart { all, train, test };
template <>
inline constexpr std::array<std::string_view, 3> enum_names<NusWidePart>{"all", "train", "test"};

/// NUS-WIDE as its authors give it out: a list of pictures, and for each concept a file with a 0 or 1 a line in the
/// same order.
///
///     ImageList/Imagelist.txt, TrainImagelist.txt, TestImagelist.txt    paths with backslashes
///     ConceptsList/Concepts81.txt                                       the labels
///     Groundtruth/AllLabels/Labels_<concept>.txt
///     Groundtruth/TrainTestLabels/Labels_<concept>_Train.txt, Labels_<concept>_Test.txt
///
/// A line that is neither 0 nor 1 is unknown. A picture that is listed twice is kept once; labels on which its listings
/// differ are unknown. Both are noted. Chua, Tang, Hong, Li, Luo and Zheng, "NUS-WIDE: a real-world web image database
/// from National University of Singapore", CIVR 2009. Models: ImportFormat.
struct NusWideFormat {
  static constexpr std::string_view name = "nus_wide";
  static constexpr std::string_view input = "NUS-WIDE's folder with ImageList, ConceptsList and Groundtruth";

  NusWidePart part = NusWidePart::all;

  template <class Self>
  static void fields(Self& self, auto&& field) {
    field("part", self.part, "which pictures: all, train or test, each with its own lists");
  }

  /// \throws FileError for a list that is not there; DataError for one that is not as long as the list of pictures
  Imported read(const std::filesystem::path& root) const {
    using std::filesystem::path;
    const bool all = part == NusWidePart::all;
    const std::string suffix = all ? "" : part == NusWidePart::train ? "_Train" : "_Test";
    const path image_list = path("ImageList") / (all ? "Imagelist.txt" : suffix.substr(1) + "Imagelist.txt");
    const path label_folder = path("Groundtruth") / (all ? "AllLabels" : "TrainTestLabels");
    const auto line = [](const path& file, std::size_t index) {
      return file.generic_string() + ", line " + std::to_string(index + 1);
    };

    detail::AnnotationsBuilder builder;
    const auto images = detail::read_lines(root / image_list);
    constexpr std::size_t none = -1;
    std::vector<std::size_t> picture_of_line, first_line;
    for (std::size_t i = 0; i < images.lines.size(); ++i) {
      std::string image(images.lines[i]);
      std::replace(image.begin(), image.end(), '\\', '/');
      const auto picture = builder.picture(image, [&] { return line(image_list, i); });
      picture_of_line.push_back(picture ? picture->index : none);
      if (!picture) continue;
      if (picture->fresh) {
        first_line.push_back(i);
      } else {
        builder.notes.add("pictures listed again, kept once", [&] {
          return Problem{line(image_list, i), detail::in_quotes(image) + ", first in line " +
                                                  std::to_string(first_line[picture->index] + 1)};
        });
      }
    }

    const auto concepts = detail::read_lines(root / "ConceptsList" / "Concepts81.txt");
    for (const std::string_view concept_name : concepts.lines) {
      if (concept_name.empty()) continue;
      const auto label = builder.label(concept_name);
      const path file = label_folder / ("Labels_" + std::string(concept_name) + suffix + ".txt");
      const auto values = detail::read_lines(root / file);
      if (values.lines.size() != images.lines.size()) {
        throw DataError(root / file, "",
                        "has " + std::to_string(values.lines.size()) + " lines, " + image_list.generic_string() +
                            " has " + std::to_string(images.lines.size()));
      }
      for (std::size_t i = 0; i < values.lines.size(); ++i) {
        const std::size_t picture = picture_of_line[i];
        if (picture == none) continue;
        const std::string_view value = values.lines[i];
        const Label read = value == "1" ? Label::yes : value == "0" ? Label::no : Label::unknown;
        if (read == Label::unknown) {
          builder.notes.add("values that are neither 0 nor 1, taken as unknown",
                            [&] { return Problem{line(file, i), detail::in_quotes(value)}; });
        }
        builder.mark(picture, label, read);
      }
    }
    return builder.finish(root, detail::AnnotationsBuilder::Order::as_met);
  }
};

static_assert(ImportFormat<NusWideFormat>);

}  // namespace tagger
