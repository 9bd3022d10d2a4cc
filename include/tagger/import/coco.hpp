#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <unordered_map>

#include <tagger/configurable.hpp>
#include <tagger/data/check_annotations.hpp>
#include <tagger/data/label.hpp>
#include <tagger/import/builder.hpp>
#include <tagger/import/coco_handler.hpp>
#include <tagger/import/concept.hpp>
#include <tagger/import/doubtful.hpp>
#include <tagger/json.hpp>
#include <tagger/mapped_file.hpp>

namespace tagger {

/// COCO's instances: a category that an annotation of a picture has is a label of the picture. Labels are all
/// categories, in their order in the file. Lin et al., "Microsoft COCO: common objects in context", ECCV 2014.
///
/// An annotation with `iscrowd` is a region of many objects that nobody has parted; the label is there. One with
/// `ignore` (not COCO's, but many tools') is not to be judged. In LVIS, pictures have `neg_category_ids`, what they
/// are known not to have; all else is unknown then. Gupta, Dollar and Girshick, "LVIS: a dataset for large vocabulary
/// instance segmentation", CVPR 2019. Models: ImportFormat.
struct CocoFormat {
  static constexpr std::string_view name = "coco";
  static constexpr std::string_view input = "instances JSON of COCO, LVIS and tools that write the like";

  Doubtful crowd = Doubtful::yes;
  Doubtful ignore = Doubtful::unknown;

  template <class Self>
  static void fields(Self& self, auto&& field) {
    field("crowd", self.crowd, "what an annotation with iscrowd is taken for: yes, unknown or drop");
    field("ignore", self.ignore, "what an annotation with ignore is taken for");
  }

  /// \throws FileError; DataError, naming the place, for what is no JSON, lacks a list, an id or a name
  Imported read(const std::filesystem::path& path) const {
    const auto mapped = detail::map_file(path);
    const std::string_view text(reinterpret_cast<const char*>(mapped.bytes.data()), mapped.bytes.size());
    detail::CocoHandler handler{text, path};
    read_json_events(text, handler);
    const detail::CocoFile file = handler.finish();
    AnnotationsBuilder builder;
    const Labels labels = add_labels(file, path, builder);
    const Pictures pictures = add_pictures(file, path, labels, builder);
    for (std::size_t i = 0; i < file.objects.size(); ++i) add_object(file.objects[i], i, labels, pictures, builder);
    return builder.finish(path, AnnotationsBuilder::Order::as_met);
  }

 private:
  using Labels = std::unordered_map<std::int64_t, std::int32_t>;   // of categories' ids
  using Pictures = std::unordered_map<std::int64_t, std::size_t>;  // of images' ids
  static constexpr std::size_t dropped = -1;

  static Labels add_labels(const detail::CocoFile& file, const std::filesystem::path& path,
                           AnnotationsBuilder& builder) {
    Labels labels;
    for (std::size_t i = 0; i < file.categories.size(); ++i) {
      const auto& category = file.categories[i];
      const auto before = builder.labels().size();
      const auto label = builder.label(category.name);
      if (builder.labels().size() == before) {
        builder.notes.add("categories of the same name, joined",
                          [&] { return Problem{detail::element("categories", i), detail::in_quotes(category.name)}; });
      }
      if (!labels.emplace(category.id, label).second) refuse_id(path, "categories", i, category.id);
    }
    return labels;
  }

  static Pictures add_pictures(const detail::CocoFile& file, const std::filesystem::path& path, const Labels& labels,
                               AnnotationsBuilder& builder) {
    Pictures pictures;
    for (std::size_t i = 0; i < file.images.size(); ++i) {
      const auto& image = file.images[i];
      const auto picture = builder.picture(image.name, [&] { return detail::element("images", i) + ".file_name"; });
      if (!pictures.emplace(image.id, picture ? picture->index : dropped).second) {
        refuse_id(path, "images", i, image.id);
      }
      if (!picture) continue;
      if (!picture->fresh) {
        builder.notes.add("pictures listed again, joined",
                          [&] { return Problem{detail::element("images", i), detail::in_quotes(image.name)}; });
      }
      if (!image.absent) continue;
      builder.sample(picture->index).rest = Label::unknown;
      for (const auto category : *image.absent) {
        const auto found = labels.find(category);
        if (found != labels.end()) builder.mark(picture->index, found->second, Label::no);
      }
    }
    return pictures;
  }

  void add_object(const detail::CocoFile::Object& object, std::size_t index, const Labels& labels,
                  const Pictures& pictures, AnnotationsBuilder& builder) const {
    const auto place = [&] { return detail::element("annotations", index); };
    const auto picture = pictures.find(object.image);
    if (picture == pictures.end()) {
      builder.notes.add("annotations of pictures that are not listed, dropped",
                        [&] { return Problem{place(), "image_id " + std::to_string(object.image)}; });
      return;
    }
    const auto label = labels.find(object.category);
    if (label == labels.end()) {
      builder.notes.add("annotations of categories that are not listed, dropped",
                        [&] { return Problem{place(), "category_id " + std::to_string(object.category)}; });
      return;
    }
    if (picture->second == dropped) return;
    const Doubtful taken = object.ignore ? ignore : object.crowd ? crowd : Doubtful::yes;
    if (object.ignore || object.crowd) {
      std::string kind = object.ignore ? "annotations with ignore, " : "annotations with iscrowd, ";
      builder.notes.add(kind += taken_as(taken), [&] { return Problem{place(), ""}; });
    }
    if (taken == Doubtful::drop) return;
    builder.mark(picture->second, label->second, taken == Doubtful::yes ? Label::yes : Label::unknown);
  }

  [[noreturn]] static void refuse_id(const std::filesystem::path& path, std::string_view list, std::size_t index,
                                     std::int64_t id) {
    throw DataError(path, detail::element(list, index) + ".id", std::to_string(id) + " is there twice");
  }
};

static_assert(ImportFormat<CocoFormat>);

}  // namespace tagger
