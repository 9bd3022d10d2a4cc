#pragma once

#include <filesystem>
#include <ostream>
#include <string>
#include <vector>

namespace tagger {

/// A picture that could not be read, and why.
struct BrokenPicture {
  std::filesystem::path path;
  std::string reason;

  bool operator==(const BrokenPicture&) const = default;
};

/// Names pictures that could not be read at the end of a program, where they are seen.
inline void list_broken(std::ostream& out, const std::vector<BrokenPicture>& broken) {
  if (broken.empty()) return;
  out << broken.size() << (broken.size() == 1 ? " picture" : " pictures") << " could not be read:\n";
  for (const auto& picture : broken) out << "  " << picture.reason << '\n';
}

}  // namespace tagger
