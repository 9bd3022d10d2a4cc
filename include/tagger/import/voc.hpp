#pragma once

#include <algorithm>
#include <cstddef>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include <pugixml.hpp>

#include <tagger/configurable.hpp>
#include <tagger/data/check_annotations.hpp>
#include <tagger/data/label.hpp>
#include <tagger/error.hpp>
#include <tagger/import/builder.hpp>
#include <tagger/import/concept.hpp>
#include <tagger/import/doubtful.hpp>
#include <tagger/import/files.hpp>
#include <tagger/import/lines.hpp>
#include <tagger/lower_case.hpp>
#include <tagger/mapped_file.hpp>

namespace tagger {

/// Pascal VOC: an XML file a picture, whose objects' names are the picture's labels.
///
///     Annotations/2007_000027.xml       <annotation><filename>2007_000027.jpg</filename><object><name>person</name>...
///     ImageSets/Main/trainval.txt       a picture a line, without extension: the field `list` names it
///
/// Or a folder of such XML files alone, and in folders below it. Objects marked <difficult>1</difficult> were found by
/// those who labelled them only with other knowledge than the picture; VOC's own evaluation leaves them out, as
/// unknown does. Everingham, Van Gool, Williams, Winn and Zisserman, "The Pascal visual object classes (VOC)
/// challenge", IJCV 2010. Models: ImportFormat.
struct VocFormat {
  static constexpr std::string_view name = "voc";
  static constexpr std::string_view input = "Pascal VOC's folder, or one of such XML files";

  Doubtful difficult = Doubtful::unknown;
  std::string list;
  std::string extension = ".jpg";

  template <class Self>
  static void fields(Self& self, auto&& field) {
    field("difficult", self.difficult, "what a difficult object is taken for: yes, unknown or drop");
    field("list", self.list, "of the pictures, in ImageSets/Main: train, trainval, test; nothing: all");
    field("extension", self.extension, "of a picture whose XML says none, such as ImageNet's .JPEG");
  }

  /// \throws FileError for a folder or list that is not there; DataError when nothing can be read
  Imported read(const std::filesystem::path& root) const {
    namespace fs = std::filesystem;
    std::error_code none;
    const fs::path annotations = fs::is_directory(root / "Annotations", none) ? fs::path("Annotations") : fs::path();
    AnnotationsBuilder builder;
    for (const fs::path& file : xml_files(root, annotations, builder.notes)) {
      const fs::path path = annotations / file;
      const auto mapped = detail::map_file(root / path);
      pugi::xml_document document;
      const auto parsed = document.load_buffer(mapped.bytes.data(), mapped.bytes.size());
      const pugi::xml_node annotation = document.child("annotation");
      if (!parsed || !annotation) {
        builder.notes.add("files that are no VOC annotations, dropped", [&] {
          return parsed
                     ? Problem{path.generic_string(), "has no <annotation>"}
                     : Problem{path.generic_string() + ", byte " + std::to_string(parsed.offset), parsed.description()};
        });
        continue;
      }
      read_picture(annotation, file, path, builder);
    }
    if (builder.size() == 0)
      throw DataError(root, "", "has no VOC annotations (XML files, in Annotations or at the top)");
    return builder.finish(root, AnnotationsBuilder::Order::alphabet);
  }

 private:
  using Path = std::filesystem::path;

  /// Relative to the folder of annotations.
  std::vector<Path> xml_files(const Path& root, const Path& annotations, ImportNotes& notes) const {
    std::vector<Path> files;
    if (list.empty()) {
      files = detail::files_below(annotations.empty() ? root : root / annotations, notes);
      std::erase_if(files, [](const Path& file) { return detail::lower_case(file.extension().string()) != ".xml"; });
      return files;
    }
    const auto listed = detail::read_lines(root / "ImageSets" / "Main" / (list + ".txt"));
    for (const auto line : listed.lines) {  // the picture, in some lists followed by 1, 0 or -1
      if (!line.empty()) files.emplace_back(std::string(line.substr(0, line.find_first_of(" \t"))) + ".xml");
    }
    return files;
  }

  void read_picture(const pugi::xml_node& annotation, const Path& file, const Path& path,
                    AnnotationsBuilder& builder) const {
    const auto here = [&] { return path.generic_string(); };
    Path image(std::string(detail::without_blanks(annotation.child_value("filename"))));
    if (image.empty()) {
      image = file.stem();
      builder.notes.add("files without <filename>, taken for that of the picture of the same name",
                        [&] { return Problem{here(), ""}; });
    }
    if (!image.has_extension()) image += extension;
    const auto picture = builder.picture((file.parent_path() / image).generic_string(), here);
    if (!picture) return;
    if (!picture->fresh) {
      builder.notes.add("pictures with another file, joined",
                        [&] { return Problem{here(), detail::in_quotes(image.string())}; });
    }
    for (const pugi::xml_node object : annotation.children("object")) {
      const auto label_name = detail::without_blanks(object.child_value("name"));
      if (label_name.empty()) {
        builder.notes.add("objects without a name, dropped", [&] { return Problem{here(), ""}; });
        continue;
      }
      const bool doubtful = object.child("difficult").text().as_bool();
      const Doubtful taken = doubtful ? difficult : Doubtful::yes;
      if (doubtful) {
        const std::string kind = std::string("difficult objects, ").append(taken_as(taken));
        builder.notes.add(kind, [&] { return Problem{here(), detail::in_quotes(label_name)}; });
      }
      if (taken == Doubtful::drop) continue;
      builder.mark(picture->index, builder.label(label_name), taken == Doubtful::yes ? Label::yes : Label::unknown);
    }
  }
};

static_assert(ImportFormat<VocFormat>);

}  // namespace tagger
