#pragma once

#include <algorithm>
#include <filesystem>
#include <string>
#include <string_view>
#include <system_error>
#include <vector>

#include <tagger/error.hpp>
#include <tagger/import/notes.hpp>

namespace tagger::detail {

/// The files in `root` and the folders below it, relative to `root`, sorted. Links to folders are not followed;
/// folders that cannot be read, and what is hidden, are noted. \throws FileError when `root` is no folder, or cannot be
/// read
inline std::vector<std::filesystem::path> files_below(const std::filesystem::path& root, ImportNotes& notes) {
  namespace fs = std::filesystem;
  std::error_code error;
  if (!fs::is_directory(root, error)) throw FileError(root, "", "is no folder");
  std::vector<fs::path> found, folders{fs::path()};
  while (!folders.empty()) {
    const fs::path folder = std::move(folders.back());
    folders.pop_back();
    for (auto entry = fs::directory_iterator(root / folder, error); entry != fs::directory_iterator();
         entry.increment(error)) {
      std::error_code broken_link;
      const fs::path path = folder / entry->path().filename();
      if (path.filename().string().starts_with('.')) {  // such as .thumbnails, and ._a.jpg of macOS
        notes.add("hidden files and folders, dropped", [&] { return Problem{path.generic_string(), ""}; });
      } else if (entry->is_directory(broken_link) && !entry->is_symlink(broken_link)) {
        folders.push_back(path);
      } else if (entry->is_regular_file(broken_link)) {
        found.push_back(path);
      }
    }
    if (error && folder.empty()) throw FileError(root, "", "cannot be read: " + error.message());
    if (error) {
      notes.add("folders that cannot be read", [&] { return Problem{folder.generic_string(), error.message()}; });
    }
  }
  std::sort(found.begin(), found.end());
  return found;
}

}  // namespace tagger::detail
