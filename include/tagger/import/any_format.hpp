#pragma once

#include <concepts>
#include <filesystem>
#include <functional>
#include <string>
#include <string_view>
#include <tuple>
#include <utility>

#include <tagger/configurable.hpp>
#include <tagger/import/coco.hpp>
#include <tagger/import/concept.hpp>
#include <tagger/import/csv.hpp>
#include <tagger/import/folders.hpp>
#include <tagger/import/keywords.hpp>
#include <tagger/import/nus_wide.hpp>
#include <tagger/import/open_images.hpp>
#include <tagger/import/voc.hpp>
#include <tagger/named_policy.hpp>

namespace tagger {

/// The formats that can be chosen by name at run time.
using ImportFormats =
    std::tuple<CsvFormat, FoldersFormat, KeywordsFormat, CocoFormat, VocFormat, NusWideFormat, OpenImagesFormat>;

/// A format chosen at run time: any model of ImportFormat, or one of a list by its name.
class AnyImportFormat {
 public:
  template <class F>
    requires(!std::same_as<F, AnyImportFormat>) && ImportFormat<F>
  AnyImportFormat(F format)  // NOLINT: every format is an AnyImportFormat
      : chosen_(policy_text(F::name, format)),
        read_([format = std::move(format)](const std::filesystem::path& path) { return format.read(path); }) {}

  /// \param text  NAME[:FIELD=VALUE]...  \throws OptionError, listing the valid names
  template <class List = ImportFormats>
  static AnyImportFormat named(std::string_view text) {
    return named_policy<List, AnyImportFormat>("format", text);
  }

  Imported read(const std::filesystem::path& path) const { return read_(path); }
  const std::string& chosen() const { return chosen_; }

 private:
  std::string chosen_;
  std::function<Imported(const std::filesystem::path&)> read_;
};

}  // namespace tagger
