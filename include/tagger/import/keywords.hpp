#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <filesystem>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include <tagger/configurable.hpp>
#include <tagger/error.hpp>
#include <tagger/image/picture_name.hpp>
#include <tagger/import/builder.hpp>
#include <tagger/import/concept.hpp>
#include <tagger/import/files.hpp>
#include <tagger/import/keyword_blocks.hpp>
#include <tagger/import/levels.hpp>
#include <tagger/import/picture_metadata.hpp>
#include <tagger/import/unlisted.hpp>
#include <tagger/mapped_file.hpp>

namespace tagger {

/// Which labels are made of keywords that lie in a tree.
enum class Hierarchy {
  flat,  ///< as keywords without a tree have them: those of dc:subject and IPTC
  leaf,  ///< the last level of each place
  path,  ///< "animal/dog"
  all    ///< each level of each place
};
template <>
inline constexpr std::array<std::string_view, 4> enum_names<Hierarchy>{"flat", "leaf", "path", "all"};

/// The keywords that people have given their pictures with Lightroom, digiKam, darktable and their like. They stand in
/// JPEG, PNG and WebP files as XMP, in JPEG also as IPTC, or beside them in a.jpg.xmp or a.xmp; a sidecar with keywords
/// is taken in the place of what the picture holds. Keywords in a tree are Lightroom's lr:hierarchicalSubject and
/// digiKam's TagsList; unless `hierarchy` is flat, a keyword outside the tree that is a level of one within is taken
/// for that. Models: ImportFormat.
struct KeywordsFormat {
  static constexpr std::string_view name = "keywords";
  static constexpr std::string_view input = "a folder of pictures with XMP or IPTC keywords, inside or in sidecars";

  Hierarchy hierarchy = Hierarchy::flat;
  Unlisted others = Unlisted::no;
  bool keep_untagged = false;

  template <class Self>
  static void fields(Self& self, auto&& field) {
    field("hierarchy", self.hierarchy, "labels of the keyword animal|cat: flat (as in dc:subject), leaf, path or all");
    field("others", self.others, "what a label is that a picture does not have: no or unknown");
    field("keep_untagged", self.keep_untagged, "keep pictures without keywords");
  }

  /// \throws FileError when `root` is no folder; DataError when no picture in it has keywords
  Imported read(const std::filesystem::path& root) const {
    namespace fs = std::filesystem;
    AnnotationsBuilder builder;
    const auto files = detail::files_below(root, builder.notes);
    std::set<fs::path> used;
    for (const fs::path& file : files) {
      if (!has_picture_name(file)) continue;
      const auto name = [&] { return file.generic_string(); };
      detail::PictureKeywords keywords;
      for (fs::path sidecar : {fs::path(file) += ".xmp", fs::path(file).replace_extension(".xmp")}) {
        if (!std::binary_search(files.begin(), files.end(), sidecar)) continue;
        used.insert(sidecar);
        if (keywords.empty()) add_sidecar(root, sidecar, keywords, builder.notes);
      }
      if (keywords.empty()) add_embedded(root, file, keywords, builder.notes);
      const auto labels = labels_of(keywords);
      if (labels.empty() && !keep_untagged) {
        builder.notes.add("pictures without keywords, dropped", [&] { return Problem{name(), ""}; });
        continue;
      }
      const auto picture = builder.picture(name(), name);
      if (!picture) continue;
      builder.sample(picture->index).rest = label_of(others);
      for (const auto& label : labels) builder.mark(picture->index, builder.label(label), Label::yes);
    }
    for (const fs::path& file : files) {
      if (has_picture_name(file) || used.contains(file)) continue;
      builder.notes.add(file.extension() == ".xmp" ? "sidecars without a picture, dropped"
                                                   : "files that are not called jpg, jpeg, png, webp or xmp, dropped",
                        [&] { return Problem{file.generic_string(), ""}; });
    }
    if (builder.labels().empty()) throw DataError(root, "", "has no picture (jpg, jpeg, png, webp) with keywords");
    return builder.finish(root, AnnotationsBuilder::Order::alphabet);
  }

 private:
  using Path = std::filesystem::path;

  static void note_broken(const Path& file, ImportNotes& notes) {
    notes.add("XMP that cannot be read, dropped", [&] { return Problem{file.generic_string(), ""}; });
  }

  static void add_sidecar(const Path& root, const Path& file, detail::PictureKeywords& keywords, ImportNotes& notes) {
    const auto mapped = detail::map_file(root / file);
    const std::string_view text(reinterpret_cast<const char*>(mapped.bytes.data()), mapped.bytes.size());
    if (!detail::add_xmp_keywords(text, keywords)) note_broken(file, notes);
  }

  static void add_embedded(const Path& root, const Path& file, detail::PictureKeywords& keywords, ImportNotes& notes) {
    // keywords stand at the beginning: the rest is not read
    const auto mapped = detail::map_file(root / file, false);
    const auto found = detail::picture_metadata(mapped.bytes);
    for (const auto& packet : found.xmp) {
      if (!detail::add_xmp_keywords(packet, keywords)) note_broken(file, notes);
    }
    detail::add_iptc_keywords(found.iptc, keywords);
  }

  std::set<std::string> labels_of(const detail::PictureKeywords& keywords) const {
    std::set<std::string> labels = keywords.flat;
    if (hierarchy == Hierarchy::flat && !labels.empty()) return labels;
    const Levels levels = hierarchy == Hierarchy::path  ? Levels::path
                          : hierarchy == Hierarchy::all ? Levels::all
                                                        : Levels::leaf;
    for (const auto& place : keywords.places) {
      for (const auto& level : place) labels.erase(level);
    }
    for (const auto& place : keywords.places) {
      for (auto& label : detail::labels_of(place, levels)) labels.insert(std::move(label));
    }
    return labels;
  }
};

static_assert(ImportFormat<KeywordsFormat>);

}  // namespace tagger
