#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include <tagger/configurable.hpp>
#include <tagger/data/label.hpp>
#include <tagger/error.hpp>
#include <tagger/image/picture_name.hpp>
#include <tagger/import/builder.hpp>
#include <tagger/import/concept.hpp>
#include <tagger/import/files.hpp>
#include <tagger/import/levels.hpp>
#include <tagger/import/unlisted.hpp>

namespace tagger {

/// A folder of pictures a label, as for classification: the picture cat/a.jpg has the label cat. Of folders within
/// folders, `levels` says which are labels. Files at the top, and what is not called like a picture, are dropped.
/// Models: ImportFormat.
struct FoldersFormat {
  static constexpr std::string_view name = "folders";
  static constexpr std::string_view input = "a folder with a folder of pictures for each label";

  Levels levels = Levels::path;
  Unlisted others = Unlisted::no;

  template <class Self>
  static void fields(Self& self, auto&& field) {
    field("levels", self.levels, "labels of animal/cat/a.jpg: leaf (cat), path (animal/cat) or all (animal and cat)");
    field("others", self.others, "what a label is that a picture does not have: no or unknown");
  }

  /// \throws FileError when `root` is no folder; DataError when there is no picture in a folder of it
  Imported read(const std::filesystem::path& root) const {
    AnnotationsBuilder builder;
    for (const auto& file : detail::files_below(root, builder.notes)) {
      const auto name = [&] { return file.generic_string(); };
      const auto note = [&](std::string_view kind) { builder.notes.add(kind, [&] { return Problem{name(), ""}; }); };
      if (!has_picture_name(file)) {
        note("files that are not called jpg, jpeg, png or webp, dropped");
      } else if (!file.has_parent_path()) {
        note("pictures in no folder, dropped");
      } else if (const auto picture = builder.picture(name(), name)) {
        builder.sample(picture->index).rest = label_of(others);
        std::vector<std::string> place;
        for (const auto& level : file.parent_path()) place.push_back(level.string());
        for (const auto& label : detail::labels_of(place, levels)) {
          builder.mark(picture->index, builder.label(label), Label::yes);
        }
      }
    }
    if (builder.size() == 0) throw DataError(root, "", "has no folder with a picture (jpg, jpeg, png, webp) in it");
    return builder.finish(root, AnnotationsBuilder::Order::alphabet);
  }
};

static_assert(ImportFormat<FoldersFormat>);

}  // namespace tagger
