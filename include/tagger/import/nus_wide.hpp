#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <filesystem>
#include <string>
#include <string_view>
#include <unordered_map>
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
/// A line that is neither 0 nor 1 is unknown. A photo of Flickr that is listed twice, in the folders of two search
/// words, is kept under its first name; labels on which its listings differ are unknown. Both are noted. Chua, Tang,
/// Hong, Li, Luo and Zheng, "NUS-WIDE: a real-world web image database from National University of Singapore", CIVR
/// 2009. Models: ImportFormat.
struct NusWideFormat {
  static constexpr std::string_view name = "nus_wide";
  static constexpr std::string_view input = "NUS-WIDE's folder with ImageList, ConceptsList and Groundtruth";

  NusWidePart part = NusWidePart::all;
  bool copies = false;

  template <class Self>
  static void fields(Self& self, auto&& field) {
    field("part", self.part, "which pictures: all, train or test, each with its own lists");
    field("copies", self.copies, "keep a photo that is listed twice as two pictures");
  }

  /// \throws FileError for a list that is not there; DataError for one that is not as long as the list of pictures
  Imported read(const std::filesystem::path& root) const {
    const bool all = part == NusWidePart::all;
    const std::string suffix = all ? "" : part == NusWidePart::train ? "_Train" : "_Test";
    const Path image_list = Path("ImageList") / (all ? "Imagelist.txt" : suffix.substr(1) + "Imagelist.txt");
    const Path label_folder = Path("Groundtruth") / (all ? "AllLabels" : "TrainTestLabels");

    AnnotationsBuilder builder;
    const std::vector<std::size_t> pictures = list_pictures(root, image_list, builder);
    std::vector<int> listings(builder.size());
    for (const std::size_t picture : pictures) {
      if (picture != none) ++listings[picture];
    }
    const auto concepts = detail::read_lines(root / "ConceptsList" / "Concepts81.txt");
    for (const std::string_view label : concepts.lines) {
      if (label.empty()) continue;
      const Path file = label_folder / ("Labels_" + std::string(label) + suffix + ".txt");
      const auto values = detail::read_lines(root / file);
      if (values.lines.size() != pictures.size()) {
        throw DataError(root / file, "",
                        "has " + std::to_string(values.lines.size()) + " lines, " + image_list.generic_string() +
                            " has " + std::to_string(pictures.size()));
      }
      const auto index = builder.label(label);
      for (std::size_t i = 0; i < pictures.size(); ++i) {
        if (pictures[i] == none) continue;
        const std::string_view value = values.lines[i];
        const Label read = value == "1" ? Label::yes : value == "0" ? Label::no : Label::unknown;
        if (read == Label::unknown) {
          builder.notes.add("values that are neither 0 nor 1, taken as unknown",
                            [&] { return Problem{line(file, i), detail::in_quotes(value)}; });
        }
        // a no need not be said but to contradict another listing's yes
        if (read != Label::no || listings[pictures[i]] > 1) builder.mark(pictures[i], index, read);
      }
    }
    return builder.finish(root, AnnotationsBuilder::Order::as_met);
  }

 private:
  using Path = std::filesystem::path;
  static constexpr std::size_t none = -1;

  static std::string line(const Path& file, std::size_t index) {
    return file.generic_string() + ", line " + std::to_string(index + 1);
  }

  /// What Flickr calls the photo: 2124494179 of actor\0001_2124494179.jpg.
  static std::string_view photo_id(std::string_view image) {
    const std::string_view stem = image.substr(0, image.rfind('.'));
    const auto underscore = stem.rfind('_');
    return underscore == stem.npos ? image : stem.substr(underscore + 1);
  }

  /// The picture of each line; none where its name cannot be used.
  std::vector<std::size_t> list_pictures(const Path& root, const Path& list, AnnotationsBuilder& builder) const {
    const auto images = detail::read_lines(root / list);
    std::vector<std::size_t> picture_of_line, first_line;
    std::unordered_map<std::string_view, std::size_t> picture_of_photo;
    for (std::size_t i = 0; i < images.lines.size(); ++i) {
      std::string image(images.lines[i]);
      std::replace(image.begin(), image.end(), '\\', '/');
      const auto photo_name = copies ? images.lines[i] : photo_id(images.lines[i]);
      const auto [photo, fresh] = picture_of_photo.try_emplace(photo_name, none);
      if (fresh) {
        const auto picture = builder.picture(image, [&] { return line(list, i); });
        if (picture) photo->second = picture->index;
        if (picture && picture->fresh) first_line.push_back(i);
      } else if (photo->second != none) {
        builder.notes.add("photos listed again, joined with their first listing", [&] {
          return Problem{line(list, i), detail::in_quotes(image) + ", first in line " +
                                            std::to_string(first_line[photo->second] + 1) + " as " +
                                            detail::in_quotes(builder.sample(photo->second).image_name)};
        });
      }
      picture_of_line.push_back(photo->second);
    }
    return picture_of_line;
  }
};

static_assert(ImportFormat<NusWideFormat>);

}  // namespace tagger
