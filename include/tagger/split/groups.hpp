#pragma once

#include <cstddef>
#include <filesystem>
#include <numeric>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include <tagger/data/annotations.hpp>
#include <tagger/data/check_annotations.hpp>
#include <tagger/data/csv.hpp>
#include <tagger/error.hpp>
#include <tagger/file.hpp>

namespace tagger {

/// Which pictures stay together when a set is split, such as shots of one scene: near-copies on both sides would make
/// a score too good. Groups are numbered by their first pictures.
class Groups {
 public:
  /// Each picture alone.
  explicit Groups(std::size_t pictures) : members_(pictures), begins_(pictures + 1) {
    std::iota(members_.begin(), members_.end(), std::size_t{0});
    std::iota(begins_.begin(), begins_.end(), std::size_t{0});
  }

  /// \param names  (N): pictures whose groups have the same name stay together; one of the name "" is alone
  explicit Groups(std::span<const std::string> names) : members_(names.size()) {
    std::unordered_map<std::string_view, std::size_t> known;
    std::vector<std::size_t> group_of(names.size());
    std::vector<std::size_t> sizes;
    for (std::size_t i = 0; i < names.size(); ++i) {
      group_of[i] = names[i].empty() ? sizes.size() : known.emplace(names[i], sizes.size()).first->second;
      if (group_of[i] == sizes.size()) sizes.push_back(0);
      ++sizes[group_of[i]];
    }
    begins_.assign(sizes.size() + 1, 0);
    std::partial_sum(sizes.begin(), sizes.end(), begins_.begin() + 1);
    std::vector<std::size_t> next(begins_.begin(), begins_.end() - 1);
    for (std::size_t i = 0; i < names.size(); ++i) members_[next[group_of[i]]++] = i;
  }

  std::size_t size() const { return begins_.size() - 1; }
  std::size_t pictures() const { return members_.size(); }

  /// The pictures of a group, ascending.
  std::span<const std::size_t> members(std::size_t group) const {
    return std::span(members_).subspan(begins_[group], begins_[group + 1] - begins_[group]);
  }

 private:
  std::vector<std::size_t> members_;  ///< group after group
  std::vector<std::size_t> begins_;   ///< of each group in members_, and the end
};

/// The pictures of a folder stay together.
inline Groups groups_by_folder(const Annotations& annotations) {
  std::vector<std::string> names;
  for (const Sample& sample : annotations.samples()) {
    // prefixed, since the topmost folder is a group, too, and no name is none
    names.push_back("in " + std::filesystem::path(sample.image_name).parent_path().string());
  }
  return Groups(names);
}

/// Reads who stays together from a CSV file: a header line `image_name,group`, a line a picture. Nothing for a group
/// leaves a picture alone; lines of pictures that the annotations do not have are passed over.
/// \throws FileError; DataError that names line and column, or a picture that has no line
inline Groups read_groups(const std::filesystem::path& path, const Annotations& annotations) {
  const auto bytes = read_file(path);
  detail::CsvReader reader{{reinterpret_cast<const char*>(bytes.data()), bytes.size()}, path};
  for (const std::string_view title : {"image_name", "group"}) {
    if (reader.at_end() || reader.next() != title || reader.at_line_end() != (title == "group")) {
      throw DataError(path, "line 1", "is not the header image_name,group");
    }
  }
  std::unordered_map<std::string, std::string> groups;
  while (!reader.at_end()) {
    const std::string image{reader.next()};
    if (reader.at_line_end())
      reader.fail("the line has no group; a comma with nothing behind it leaves a picture alone");
    if (!groups.emplace(image, reader.next()).second) {
      reader.fail("picture " + detail::in_quotes(image) + " has two lines");
    }
    if (!reader.at_line_end()) reader.fail("the line has more than a picture and its group");
  }
  std::vector<std::string> names;
  for (const Sample& sample : annotations.samples()) {
    const auto found = groups.find(sample.image_name);
    if (found == groups.end()) {
      throw DataError(
          path, "",
          "has no line for picture " + detail::in_quotes(sample.image_name) + " of " + annotations.source().string());
    }
    names.push_back(found->second);
  }
  return Groups(names);
}

}  // namespace tagger
